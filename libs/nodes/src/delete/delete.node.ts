import { Batch, type Group, groupOf, Layout, type Point, type Tags } from '@supercap/data-model';
import { arg, defineNode, property } from '@supercap/pipeline';
import { oncePerTags } from '../group-by/regrouped';

const addName = (current: readonly string[], name: string) => (current.includes(name) ? current : [...current, name]);

export const deleteNode = defineNode({
  name: 'delete',
  goType: '*pipeline.DeleteNode',
  summary: 'Remove fields and tags.',
  edge: { wants: 'any', provides: 'same' },
  args: {},
  properties: {
    field: property.method<readonly string[]>({
      summary: 'A field to remove.',
      parameters: [arg('string', 'Name of the field.')],
      initial: [],
      apply: (current, [name]) => addName(current, name as string),
    }),
    tag: property.method<readonly string[]>({
      summary: 'A tag to remove; points are no longer grouped by it.',
      parameters: [arg('string', 'Name of the tag.')],
      initial: [],
      apply: (current, [name]) => addName(current, name as string),
    }),
  },
  runtime: {
    kind: 'receiver',
    create({ options, counter }) {
      const fieldsDeleted = counter('fields_deleted');
      const tagsDeleted = counter('tags_deleted');

      const untagged = oncePerTags((tags: Tags) => ({
        tags: options.tag.reduce((result, name) => result.without(name), tags),
        count: options.tag.filter((name) => tags.has(name)).length,
      }));
      const regrouped = new WeakMap<Tags, { readonly from: Group; readonly to: Group }>();
      let lastLayout = Layout.empty;
      let kept = { layout: Layout.empty, slots: [] as number[] };

      function groupWithout(group: Group, name: string): Group {
        const { tags, count } = untagged(group.tags);
        if (count === 0) return group;
        const known = regrouped.get(group.tags);
        if (known?.from === group) return known.to;
        const to = groupOf(group.byName, name, tags);
        regrouped.set(group.tags, { from: group, to });
        return to;
      }

      function withoutFields(point: Point): Point {
        const { layout, values } = point;
        if (layout !== lastLayout) {
          const names = layout.names.filter((name) => !options.field.includes(name));
          kept = { layout: Layout.ofSorted(names), slots: names.map((name) => layout.slot(name)) };
          lastLayout = layout;
        }
        const count = layout.size - kept.slots.length;
        if (count === 0) return point;
        fieldsDeleted.add(count);
        return point.withFields(
          kept.layout,
          kept.slots.map((slot) => values[slot]!),
        );
      }

      function without(point: Point, group: Group): Point {
        const rest = withoutFields(point);
        const { tags, count } = untagged(point.tags);
        if (count > 0) tagsDeleted.add(count);
        return count === 0 && group === point.group ? rest : rest.withTags(tags, group);
      }

      return {
        point: (point) => without(point, groupWithout(point.group, point.name)),
        batch({ name, group, time, points }) {
          const newGroup = groupWithout(group, name);
          return new Batch(
            name,
            newGroup,
            time,
            points.map((point) => without(point, newGroup)),
          );
        },
      };
    },
  },
  examples: [{ script: `|delete().field('w').tag('host')`, input: 'm,dc=x,host=a v=1,w=2 0', output: 'm,dc=x v=1 0' }],
  since: '1.0.0',
});
