import { type FieldValue, type Group, Layout, Point, roundTime, type Tags, type Time } from '@supercap/data-model';
import { defineNode, optionalArg, property } from '@supercap/pipeline';

/** The point that is being put together, of the points of one time. */
interface Flattened {
  name: string;
  time: Time;
  db: string;
  rp: string;
  readonly fields: Map<string, FieldValue>;
}

/** New names of the fields of a series, for the layout that it had last. */
interface NewNames {
  layout: Layout;
  names: readonly string[];
}

function takePoint(flattened: Flattened, group: Group): Point | undefined {
  const { name, db, rp, time, fields } = flattened;
  if (fields.size === 0) return undefined;
  const layout = Layout.of(fields.keys());
  const values = layout.names.map((field) => fields.get(field)!);
  fields.clear();
  return new Point(name, db, rp, group, group.tags, layout, values, time);
}

export const flatten = defineNode({
  name: 'flatten',
  goType: '*pipeline.FlattenNode',
  summary: 'Merge the points of one time into one point whose fields are named after tags.',
  edge: { wants: 'any', provides: 'same' },
  args: {},
  properties: {
    on: property.list('string', 'Tags whose values go into the names of the fields.'),
    delimiter: property.value('string', 'What stands between the parts of a name.', { default: '.' }),
    tolerance: property.value('duration', 'Times are rounded to multiples of this before they are compared.', {
      default: 0n,
    }),
    dropOriginalFieldName: property.method<boolean>({
      summary: 'Leave the name of the field out of the new name.',
      parameters: [optionalArg('bool', 'Off when FALSE.')],
      initial: false,
      apply: (_current, [drop]) => drop !== false,
      since: '1.3.0',
    }),
  },
  state: (): Flattened => ({ name: '', time: 0n, db: '', rp: '', fields: new Map() }),
  runtime: {
    kind: 'receiver',
    create({ options, report, out }) {
      const { on, delimiter, tolerance, dropOriginalFieldName } = options;
      const namesBySeries = new WeakMap<Tags, NewNames>();

      function newNames(tags: Tags, layout: Layout): readonly string[] {
        const known = namesBySeries.get(tags);
        if (known?.layout === layout) return known.names;
        const values = on.map((tag) => tags.get(tag)!);
        const dropName = dropOriginalFieldName && values.length > 0;
        const names = layout.names.map((field) => (dropName ? values : [...values, field]).join(delimiter));
        namesBySeries.set(tags, { layout, names });
        return names;
      }

      function add(point: Point, flattened: Flattened): void {
        const missing = on.find((tag) => !point.tags.has(tag));
        if (missing !== undefined) {
          report('point missing tag for flatten operation', `tag ${missing} is missing from point`);
          return;
        }
        flattened.db = point.db;
        flattened.rp = point.rp;
        const names = newNames(point.tags, point.layout);
        for (let i = 0; i < names.length; i++) flattened.fields.set(names[i]!, point.values[i]!);
      }

      /** Adds a point; the finished one if it is the first of another time. */
      function next(point: Point, flattened: Flattened): Point | undefined {
        const time = roundTime(point.time, tolerance);
        // Of the first point: a group may begin with a barrier, which has no name.
        if (flattened.name === '') flattened.name = point.name;
        const finished = time === flattened.time ? undefined : takePoint(flattened, point.group);
        flattened.time = time;
        add(point, flattened);
        return finished;
      }

      return {
        point: next,
        batch(batch, flattened) {
          const points: Point[] = [];
          flattened.fields.clear();
          if (flattened.name === '') flattened.name = batch.name;
          for (const point of batch.points) {
            const finished = next(point, flattened);
            if (finished !== undefined) points.push(finished);
          }
          const last = takePoint(flattened, batch.group);
          if (last !== undefined) points.push(last);
          return batch.withPoints(points);
        },
        barrier(barrier, flattened) {
          const finished = barrier.time > flattened.time ? takePoint(flattened, barrier.group) : undefined;
          if (finished !== undefined) out.send(finished);
          return barrier;
        },
      };
    },
  },
  examples: [
    {
      script: `|flatten().on('port')`,
      input: 'm,port=80 rx=1,tx=2 0\nm,port=443 rx=3 0\nm,port=80 rx=4 1',
      output: 'm 443.rx=3,80.rx=1,80.tx=2 0',
    },
  ],
  since: '1.0.0',
});
