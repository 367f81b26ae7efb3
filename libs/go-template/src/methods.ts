import {
  DurationValue,
  formatDurationGo,
  formatTimeGo,
  HOUR,
  MICROSECOND,
  MILLISECOND,
  MINUTE,
  roundTime,
  SECOND,
  TimeValue,
  truncateTime,
  ZERO_TIME,
} from '@supercap/data-model';
import { CallError } from './error';
import { Calendar, formatLayout } from './time-format';
import {
  goInt,
  type MethodSpec,
  type MethodTable,
  NamedValue,
  StructValue,
  type TemplateValue,
  typeName,
} from './value';

function wrongType(value: TemplateValue, expected: string): CallError {
  return new CallError(`wrong type for value; expected ${expected}; got ${typeName(value)}`);
}

function timeOf(value: TemplateValue): bigint {
  if (value instanceof TimeValue) return value.ns;
  throw wrongType(value, 'time.Time');
}

/** A literal in a template counts nanoseconds. */
function durationOf(value: TemplateValue): bigint {
  if (value instanceof DurationValue) return value.ns;
  if (value instanceof NamedValue && value.typeName === 'int' && typeof value.underlying === 'bigint') {
    return value.underlying;
  }
  throw wrongType(value, 'time.Duration');
}

function stringOf(value: TemplateValue): string {
  if (typeof value === 'string') return value;
  throw wrongType(value, 'string');
}

type TimeMethod = (time: bigint, argument: TemplateValue) => TemplateValue;

const part = (read: (calendar: Calendar) => number): TimeMethod => {
  return (time) => goInt(BigInt(read(new Calendar(time))));
};

const timeMethods: Readonly<Record<string, readonly [arity: number, method: TimeMethod]>> = {
  Add: [1, (time, d) => new TimeValue(time + durationOf(d))],
  After: [1, (time, other) => time > timeOf(other)],
  Before: [1, (time, other) => time < timeOf(other)],
  Day: [0, part((c) => c.day)],
  Equal: [1, (time, other) => time === timeOf(other)],
  Format: [1, (time, layout) => formatLayout(time, stringOf(layout))],
  Hour: [0, part((c) => c.hour)],
  IsZero: [0, (time) => time === ZERO_TIME],
  Local: [0, (time) => new TimeValue(time)],
  Location: [0, () => 'UTC'],
  Minute: [0, part((c) => c.minute)],
  Month: [
    0,
    (time) => {
      const calendar = new Calendar(time);
      return new NamedValue('time.Month', BigInt(calendar.month), calendar.monthName);
    },
  ],
  Nanosecond: [0, part((c) => c.nanosecond)],
  Round: [1, (time, d) => new TimeValue(roundTime(time, durationOf(d)))],
  Second: [0, part((c) => c.second)],
  String: [0, (time) => formatTimeGo(time)],
  Sub: [1, (time, other) => new DurationValue(time - timeOf(other))],
  Truncate: [1, (time, d) => new TimeValue(truncateTime(time, durationOf(d)))],
  UTC: [0, (time) => new TimeValue(time)],
  Unix: [0, (time) => new Calendar(time).seconds],
  UnixMicro: [0, (time) => (time - (((time % MICROSECOND) + MICROSECOND) % MICROSECOND)) / MICROSECOND],
  UnixMilli: [0, (time) => (time - (((time % MILLISECOND) + MILLISECOND) % MILLISECOND)) / MILLISECOND],
  UnixNano: [0, (time) => time],
  Weekday: [
    0,
    (time) => {
      const calendar = new Calendar(time);
      return new NamedValue('time.Weekday', BigInt(calendar.weekday), calendar.weekdayName);
    },
  ],
  Year: [0, part((c) => c.year)],
  YearDay: [0, part((c) => c.yearDay)],
};

/** As Go does it: the whole part and the rest each become a float. */
function floatOf(ns: bigint, unit: bigint): number {
  return Number(ns / unit) + Number(ns % unit) / Number(unit);
}

function roundDuration(ns: bigint, step: bigint): bigint {
  if (step <= 0n) return ns;
  const abs = ns < 0n ? -ns : ns;
  const rest = abs % step;
  const rounded = rest + rest < step ? abs - rest : abs + step - rest;
  return ns < 0n ? -rounded : rounded;
}

const durationMethods: Readonly<Record<string, readonly [arity: number, method: TimeMethod]>> = {
  Abs: [0, (ns) => new DurationValue(ns < 0n ? -ns : ns)],
  Hours: [0, (ns) => floatOf(ns, HOUR)],
  Microseconds: [0, (ns) => ns / MICROSECOND],
  Milliseconds: [0, (ns) => ns / MILLISECOND],
  Minutes: [0, (ns) => floatOf(ns, MINUTE)],
  Nanoseconds: [0, (ns) => ns],
  Round: [1, (ns, d) => new DurationValue(roundDuration(ns, durationOf(d)))],
  Seconds: [0, (ns) => floatOf(ns, SECOND)],
  String: [0, (ns) => formatDurationGo(ns)],
  Truncate: [
    1,
    (ns, d) => {
      const step = durationOf(d);
      return new DurationValue(step <= 0n ? ns : ns - (ns % step));
    },
  ],
};

/** The method of a value, ready to be called; undefined if it has none of the name. */
export function methodOf(value: TemplateValue, name: string): MethodSpec | undefined {
  if (value instanceof TimeValue) return bound(timeMethods, value.ns, name);
  if (value instanceof DurationValue) return bound(durationMethods, value.ns, name);
  if (value instanceof StructValue) return own(value.methods, name);
  if (!(value instanceof NamedValue)) return undefined;
  const { text } = value;
  if (name === 'String' && text !== undefined) return { arity: 0, call: () => text };
  return own(value.methods, name);
}

function own(table: MethodTable | undefined, name: string): MethodSpec | undefined {
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

function bound(
  table: Readonly<Record<string, readonly [number, TimeMethod]>>,
  ns: bigint,
  name: string,
): MethodSpec | undefined {
  if (!Object.hasOwn(table, name)) return undefined;
  const [arity, method] = table[name]!;
  return { arity, call: ([argument]) => method(ns, argument) };
}
