import { defineNode, property } from '@supercap/pipeline';
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
    measurement: property.value('string', "Measurement of the points; the point's own unless given.", { default: '' }),
    tag: tagProperty,
  },
  validate({ database, retentionPolicy }) {
    if (database === '') return 'must specify a database';
    if (retentionPolicy === '') return 'must specify a retention policy';
    return undefined;
  },
  since: '1.3.0',
});
