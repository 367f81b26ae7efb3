import { defineNode, property } from '@supercap/pipeline';
import { influxDBOutRuntime } from './influxdb-out-runtime';
import { tagProperty } from './tag-property';
import { emptyBuffers } from './write-buffer';

export const influxDBOut = defineNode({
  name: 'influxDBOut',
  prefix: 'influxdb_out',
  goType: '*pipeline.InfluxDBOutNode',
  summary: 'Write points to InfluxDB.',
  edge: { wants: 'any', provides: 'none' },
  args: {},
  properties: {
    cluster: property.value('string', 'Name of the configured InfluxDB; the default one unless given.', {
      default: '',
    }),
    database: property.value('string', "Database to write to; the point's own unless given.", { default: '' }),
    retentionPolicy: property.value('string', "Retention policy to write to; the point's own unless given.", {
      default: '',
    }),
    measurement: property.value('string', "Measurement to write; the data's name unless given.", { default: '' }),
    writeConsistency: property.value('string', 'Consistency of the write: any, one, quorum or all.', { default: '' }),
    precision: property.value('string', 'Precision of the times that are written: ns, ms, s, m or h.', {
      default: '',
    }),
    buffer: property.value('int', 'Points to collect before they are written.', { default: 1000n }),
    flushInterval: property.value('duration', 'Write what was collected at least this often.', {
      default: 10_000_000_000n,
    }),
    tag: tagProperty,
    create: property.flag('Create the database and the retention policy when the task starts.', '1.0.1'),
  },
  shared: emptyBuffers,
  runtime: influxDBOutRuntime,
});
