import { DurationValue, type Group, type Point, TimeValue } from '@supercap/data-model';
import { defineNode, type LogFields, type LogLevel, property } from '@supercap/pipeline';

const LEVELS: Readonly<Record<string, LogLevel>> = { DEBUG: 'debug', INFO: 'info', ERROR: 'error' };

function groupFields({ id, tags }: Group): LogFields {
  return { group: id, dimension: tags.keys.join(',') };
}

function dataFields({ tags, layout, values, time }: Point): LogFields {
  const fields: Record<string, unknown> = { time };
  for (const [key, value] of tags.entries()) fields[`tag.${key}`] = value;
  layout.names.forEach((name, slot) => {
    const value = values[slot];
    fields[`field.${name}`] = value instanceof DurationValue || value instanceof TimeValue ? value.ns : value;
  });
  return fields;
}

export const log = defineNode({
  name: 'log',
  goType: '*pipeline.LogNode',
  summary: 'Log every point and batch and pass it on.',
  edge: { wants: 'any', provides: 'same' },
  args: {},
  properties: {
    level: property.value('string', 'DEBUG, INFO or ERROR; anything else is INFO.', { default: 'INFO' }),
    prefix: property.value('string', 'Text that marks the entries.', { default: '' }),
  },
  runtime: {
    kind: 'receiver',
    create({ options, log: write }) {
      const level = LEVELS[options.level] ?? 'info';
      const { prefix } = options;
      return {
        point(point) {
          const { name, db, rp, group } = point;
          write(level, 'point', { prefix, name, db, rp, ...groupFields(group), ...dataFields(point) });
          return point;
        },
        batch(batch) {
          const { name, group, time, points } = batch;
          write(level, 'begin batch', { prefix, name, ...groupFields(group), tags: group.tags.toObject(), time });
          for (const point of points) write(level, 'batch point', { prefix, ...dataFields(point) });
          write(level, 'end batch', { prefix });
          return batch;
        },
      };
    },
  },
  examples: [{ script: `|log().prefix('here')`, input: 'm v=1 0', output: 'm v=1 0' }],
  since: '1.0.0',
});
