import { Batch, type Group, Point, type Tags, type Time } from '@supercap/data-model';
import { defineNode, property, restArg } from '@supercap/pipeline';
import { dimensionsOf, groupsByAll, validateDimensions } from './dimensions';

/** Batches of one time in the making: the points of all batches that arrived with it, by new group. */
interface Regrouping {
  time: Time | undefined;
  readonly groups: Map<string, { readonly name: string; readonly group: Group; readonly points: Point[] }>;
}

export const groupBy = defineNode({
  name: 'groupBy',
  prefix: 'groupby',
  goType: '*pipeline.GroupByNode',
  summary: 'Group points and batches by tags.',
  edge: { wants: 'any', provides: 'same' },
  args: { dimensions: restArg('any', 'Names of tags, or `*` for all tags.') },
  properties: {
    exclude: property.list('string', 'Tags to leave out when grouping by `*`.', '1.3.0'),
    byMeasurement: property.flag('Group by the measurement, too.'),
  },
  validate({ dimensions, exclude }) {
    const wrong = validateDimensions(dimensions);
    if (wrong !== undefined) return wrong;
    return exclude.length > 0 && !groupsByAll(dimensions) ? "exclude requires '*'" : undefined;
  },
  // Batches of all groups merge, so what is in the making belongs to the node; it is one time's batches at most.
  shared: (): Regrouping => ({ time: undefined, groups: new Map() }),
  cardinality: ({ groups }) => groups.size,
  runtime: {
    kind: 'receiver',
    create(context) {
      const { dimensions, exclude, byMeasurement } = context.options;
      const plain = dimensionsOf(dimensions, byMeasurement, exclude);
      const byName = dimensionsOf(dimensions, true, exclude);
      // Grouping by measurement is never undone.
      const groupOf = (tags: Tags, name: string, previous: Group) =>
        tags.groupFor(previous.byName ? byName : plain, name);

      function startTime(time: Time): void {
        const { shared } = context;
        if (shared.time === time) return;
        const batches = [...shared.groups.values()];
        const ended = shared.time!;
        shared.groups.clear();
        shared.time = time;
        for (const { name, group, points } of batches) {
          points.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
          context.out.send(new Batch(name, group, ended, points));
        }
      }

      return {
        close() {
          plain.retire();
          byName.retire();
        },
        point: (point) => point.withGroup(groupOf(point.tags, point.name, point.group)),
        batch(batch) {
          startTime(batch.time);
          const { groups } = context.shared;
          for (const point of batch.points) {
            // The measurement is that of the batch: its points have none of their own.
            const group = groupOf(point.tags, batch.name, batch.group);
            let made = groups.get(group.id);
            if (made === undefined) groups.set(group.id, (made = { name: batch.name, group, points: [] }));
            made.points.push(point.withGroup(made.group));
          }
          return undefined;
        },
        barrier(barrier) {
          startTime(barrier.time);
          return barrier;
        },
      };
    },
  },
  examples: [
    {
      script: `|groupBy('host')|eval(lambda: count()).as('n')`,
      input: 'm,host=a v=1 0\nm,host=b v=2 1\nm,host=a v=3 2',
      output: 'm,host=a n=1i 0\nm,host=b n=1i 1\nm,host=a n=2i 2',
    },
  ],
  since: '1.0.0',
});
