import {
  DurationValue,
  formatDurationGo,
  formatTimeGo,
  type FieldValue,
  type Point,
  TimeValue,
  ZERO_TIME,
} from '@supercap/data-model';
import { formatSeriesKey } from './series-key';

const FIELD_SPECIALS = /[,"= \n]/g;
const STRING_SPECIALS = /["\\]/g;

/**
 * A point as a line of line protocol, without the newline: tags and fields sorted by name, time in nanoseconds (left out
 * for the zero time). Fields that line protocol cannot carry (null, NaN, infinities) are left out; empty if none is left.
 */
export function formatPoint(point: Pick<Point, 'name' | 'tags' | 'layout' | 'values' | 'time'>): string {
  const fields = formatFields(point.layout.names, point.values);
  if (fields === '') return '';
  const line = `${formatSeriesKey(point.name, point.tags)} ${fields}`;
  return point.time === ZERO_TIME ? line : `${line} ${point.time}`;
}

/** `name=value` pairs joined by commas; `names` and `values` go together. */
export function formatFields(names: readonly string[], values: readonly FieldValue[]): string {
  let text = '';
  for (let i = 0; i < names.length; i++) {
    const value = formatFieldValue(values[i]!);
    if (value !== undefined) text += `${text === '' ? '' : ','}${names[i]!.replace(FIELD_SPECIALS, '\\$&')}=${value}`;
  }
  return text;
}

function formatFieldValue(value: FieldValue): string | undefined {
  switch (typeof value) {
    case 'number':
      if (!Number.isFinite(value)) return undefined;
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}i`;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'string':
      return quote(value);
    default:
      // Durations and times have no type of their own in line protocol: they travel as text.
      if (value instanceof DurationValue) return quote(formatDurationGo(value.ns));
      return value instanceof TimeValue ? quote(formatTimeGo(value.ns)) : undefined;
  }
}

const quote = (text: string) => `"${text.replace(STRING_SPECIALS, '\\$&')}"`;
