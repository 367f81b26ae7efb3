import { nilGroup, Point } from '@supercap/data-model';
import { defineNode, property, StartError } from '@supercap/pipeline';
import { TagOverlay } from '../influxdb-out/tag-overlay';
import { tagProperty } from '../influxdb-out/tag-property';

export const kapacitorLoopback = defineNode({
  name: 'kapacitorLoopback',
  prefix: 'kapacitor_loopback',
  goType: '*pipeline.KapacitorLoopbackNode',
  summary: 'Write points back as if they had been written to the server, for tasks that listen to the target.',
  edge: { wants: 'any', provides: 'none' },
  args: {},
  properties: {
    database: property.value('string', 'Database of the points. Required.', { default: '' }),
    retentionPolicy: property.value('string', 'Retention policy of the points. Required.', { default: '' }),
    measurement: property.value('string', "Measurement of points of a stream; the point's own unless given.", {
      default: '',
    }),
    tag: tagProperty,
  },
  validate({ database, retentionPolicy }) {
    if (database === '') return 'must specify a database';
    if (retentionPolicy === '') return 'must specify a retention policy';
    return undefined;
  },
  runtime: {
    kind: 'receiver',
    create({ options: { database, retentionPolicy, measurement, tag }, task, ports, counter }) {
      if (task.dbrps.some(({ db, rp }) => db === database && rp === retentionPolicy)) {
        throw new StartError(`loop detected on dbrp: "${database}"."${retentionPolicy}"`);
      }
      const overlay = new TagOverlay(tag);
      const written = counter('points_written');
      const copy = (point: Point, name: string) =>
        new Point(
          name,
          database,
          retentionPolicy,
          nilGroup,
          overlay.over(point.tags),
          point.layout,
          point.values,
          point.time,
        );
      return {
        point(point) {
          ports.loopback([copy(point, measurement === '' ? point.name : measurement)]);
          written.add();
          return undefined;
        },
        batch(batch) {
          // The measurement is only overridden on streams.
          ports.loopback(batch.points.map((point) => copy(point, batch.name)));
          written.add(batch.points.length);
          return undefined;
        },
      };
    },
  },
  since: '1.3.0',
});
