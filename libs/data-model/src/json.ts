import { type Batch, Point } from './message';
import { formatTime } from './time';
import { DurationValue, type FieldValue, TimeValue } from './value';

// The text of values in results and alert data: Go's encoding/json, HTML-safe escaping included.

const UNSAFE =
  /[\u0000-\u001f"\\<>&\u2028\u2029]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const UNSAFE_ALL = new RegExp(UNSAFE.source, 'g');

function escapeCharacter(c: string): string {
  switch (c) {
    case '"':
      return '\\"';
    case '\\':
      return '\\\\';
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    default: {
      const code = c.charCodeAt(0);
      // A lone surrogate cannot stand in UTF-8: Go writes the replacement character.
      return code >= 0xd800 && code <= 0xdfff ? '\\ufffd' : `\\u${code.toString(16).padStart(4, '0')}`;
    }
  }
}

export function jsonString(text: string): string {
  return UNSAFE.test(text) ? `"${text.replace(UNSAFE_ALL, escapeCharacter)}"` : `"${text}"`;
}

/** A float cannot be written as JSON. The text is Go's, as clients and logs know it. */
export class UnsupportedValueError extends Error {
  constructor(value: number) {
    super(`json: unsupported value: ${Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'}`);
    this.name = 'UnsupportedValueError';
  }
}

/** Go's text of a float in JSON: exponent form below 1e-6 and from 1e21 on. Throws UnsupportedValueError for NaN and Inf. */
export function jsonFloat(value: number): string {
  if (!Number.isFinite(value)) throw new UnsupportedValueError(value);
  if (Object.is(value, -0)) return '-0';
  const abs = Math.abs(value);
  if (abs !== 0 && (abs < 1e-6 || abs >= 1e21)) {
    return value.toExponential();
  }
  return String(value);
}

export function jsonValue(value: FieldValue | undefined): string {
  switch (typeof value) {
    case 'number':
      return jsonFloat(value);
    case 'bigint':
      return value.toString();
    case 'string':
      return jsonString(value);
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      if (value instanceof DurationValue) return value.ns.toString();
      if (value instanceof TimeValue) return `"${formatTime(value.ns)}"`;
      return 'null';
  }
}

/** One series of a result: the layout that httpOut, httpPost and alert data share. Members that are empty are left out. */
export interface Row {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (FieldValue | undefined)[])[];
}

/**
 * A point is one row with all of its tags. A batch has the group's tags; its columns are the fields of its first point
 * and those tags of the first point that are not the group's, sorted together; what only later points have is left out.
 */
export function toRow(data: Point | Batch): Row {
  if (data instanceof Point) {
    return {
      name: data.name,
      tags: data.tags.toObject(),
      columns: ['time', ...data.layout.names],
      values: [[new TimeValue(data.time), ...data.values]],
    };
  }
  const groupTags = data.group.tags;
  const first = data.points[0];
  if (first === undefined) return { name: data.name, tags: groupTags.toObject(), columns: [], values: [] };
  const names = [...new Set([...first.layout.names, ...first.tags.keys.filter((key) => !groupTags.has(key))])].sort();
  return {
    name: data.name,
    tags: groupTags.toObject(),
    columns: ['time', ...names],
    values: data.points.map((point) => [
      new TimeValue(point.time),
      ...names.map((name) => point.field(name) ?? point.tags.get(name) ?? null),
    ]),
  };
}

/** Throws UnsupportedValueError when a value cannot be written. */
export function rowJson(row: Row): string {
  const members: string[] = [];
  if (row.name !== '') members.push(`"name":${jsonString(row.name)}`);
  const tags = Object.keys(row.tags).sort();
  if (tags.length > 0) {
    members.push(`"tags":{${tags.map((key) => `${jsonString(key)}:${jsonString(row.tags[key]!)}`).join(',')}}`);
  }
  if (row.columns.length > 0) members.push(`"columns":[${row.columns.map(jsonString).join(',')}]`);
  if (row.values.length > 0) {
    members.push(`"values":[${row.values.map((cells) => `[${cells.map(jsonValue).join(',')}]`).join(',')}]`);
  }
  return `{${members.join(',')}}`;
}

/** The JSON of a result: `{"series":[…]}`. */
export function resultJson(rows: readonly Row[]): string {
  return `{"series":[${rows.map(rowJson).join(',')}]}`;
}
