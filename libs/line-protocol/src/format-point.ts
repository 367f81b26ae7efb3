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
  return fields === '' ? '' : lineOf(point, fields);
}

/**
 * The same with everything that the point has, even what line protocol cannot carry, and without fields where it has
 * none: whoever gets it refuses it, and tells why.
 */
export function formatPointAsIs(point: Pick<Point, 'name' | 'tags' | 'layout' | 'values' | 'time'>): string {
  const { layout, values } = point;
  const fields = layout.names.map(
    (name, i) => `${escaped(name)}=${formatFieldValue(values[i]!) ?? unusable(values[i]!)}`,
  );
  return lineOf(point, fields.join(','));
}

function lineOf({ name, tags, time }: Pick<Point, 'name' | 'tags' | 'time'>, fields: string): string {
  const line = `${formatSeriesKey(name, tags)} ${fields}`;
  return time === ZERO_TIME ? line : `${line} ${time}`;
}

/** `name=value` pairs joined by commas; `names` and `values` go together. */
export function formatFields(names: readonly string[], values: readonly FieldValue[]): string {
  let text = '';
  for (let i = 0; i < names.length; i++) {
    const value = formatFieldValue(values[i]!);
    if (value !== undefined) text += `${text === '' ? '' : ','}${escaped(names[i]!)}=${value}`;
  }
  return text;
}

const escaped = (name: string) => name.replace(FIELD_SPECIALS, '\\$&');

/** What line protocol has no value for, as Go prints it; nothing for null. */
function unusable(value: FieldValue): string {
  if (typeof value !== 'number') return '';
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** Undefined for what line protocol cannot carry. */
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
