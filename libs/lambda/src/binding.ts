import { DurationValue, type FieldValue, type Layout, type Point, TimeValue } from '@supercap/data-model';
import type { ValueType } from './value';

/** Results of earlier expressions of an eval: seen where neither a field nor a tag has the name. */
export interface Results {
  /** The same object for every point. */
  readonly layout: Layout;
  /** By slot of the layout; undefined is not set yet. */
  readonly values: readonly (FieldValue | undefined)[];
}

/** Where the value of a reference comes from, and its type, for one point. */
export interface Binding {
  readonly source: 'time' | 'field' | 'tag' | 'collision' | 'result';
  /** `missing`: not even an earlier result has the name. `null`: a join filled the field. */
  readonly type: ValueType | 'null';
  /** One character per binding. */
  readonly code: string;
}

type Held = Exclude<Binding['type'], 'missing' | 'regex'>;

const codes: Record<Held, string> = {
  float: 'f',
  int: 'i',
  string: 's',
  boolean: 'b',
  duration: 'd',
  time: 't',
  null: 'n',
};

function bindingsFrom(source: Binding['source'], code: (type: Held) => string): Record<Held, Binding> {
  const of = (type: Held): Binding => ({ source, type, code: code(type) });
  return {
    float: of('float'),
    int: of('int'),
    string: of('string'),
    boolean: of('boolean'),
    duration: of('duration'),
    time: of('time'),
    null: of('null'),
  };
}

const ofField = bindingsFrom('field', (type) => codes[type]);
const ofResult = bindingsFrom('result', (type) => codes[type].toUpperCase());
const ofTag: Binding = { source: 'tag', type: 'string', code: '#' };
const ofTime: Binding = { source: 'time', type: 'time', code: '@' };
const missing: Binding = { source: 'result', type: 'missing', code: '-' };
/** A field and a tag have the name. */
const collision: Binding = { source: 'collision', type: 'missing', code: '!' };

function typeOf(value: FieldValue): Held {
  switch (typeof value) {
    case 'number':
      return 'float';
    case 'bigint':
      return 'int';
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    default:
      return value instanceof DurationValue ? 'duration' : value instanceof TimeValue ? 'time' : 'null';
  }
}

/** `"time"` is the time of the point; then a field of that name, then a tag, then an earlier result. */
export function bind(name: string, point: Point, results: Results | undefined): Binding {
  if (name === 'time') return ofTime;
  const field = point.field(name);
  const tag = point.tags.get(name);
  if (field !== undefined) return tag === undefined ? ofField[typeOf(field)] : collision;
  if (tag !== undefined) return ofTag;
  const slot = results === undefined ? -1 : results.layout.slot(name);
  const result = slot < 0 ? undefined : results!.values[slot];
  return result === undefined ? missing : ofResult[typeOf(result)];
}
