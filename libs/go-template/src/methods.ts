import {
  DurationValue,
  formatDurationGo,
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
import { Calendar, formatLayout, timeText } from './time-format';
import {
  goInt,
  LocalTime,
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

type TimeMethod = (time: TimeValue, argument: TemplateValue) => TemplateValue;

const part = (read: (calendar: Calendar) => number): TimeMethod => {
  return (time) => goInt(BigInt(read(new Calendar(time))));
};

/** Another time in the same zone. */
function moved(time: TimeValue, ns: bigint): TimeValue {
  return time instanceof LocalTime ? new LocalTime(ns, time.zone) : new TimeValue(ns);
}

const timeMethods: Readonly<Record<string, readonly [arity: number, method: TimeMethod]>> = {
  Add: [1, (time, d) => moved(time, time.ns + durationOf(d))],
  After: [1, (time, other) => time.ns > timeOf(other)],
  Before: [1, (time, other) => time.ns < timeOf(other)],
  Day: [0, part((c) => c.day)],
  Equal: [1, (time, other) => time.ns === timeOf(other)],
  Format: [1, (time, layout) => formatLayout(time, stringOf(layout))],
  Hour: [0, part((c) => c.hour)],
  IsZero: [0, ({ ns }) => ns === ZERO_TIME],
  Local: [0, ({ ns }) => new LocalTime(ns)],
  Location: [0, (time) => (time instanceof LocalTime ? 'Local' : 'UTC')],
  Minute: [0, part((c) => c.minute)],
  Month: [
    0,
    (time) => {
      const calendar = new Calendar(time);
      return new NamedValue('time.Month', BigInt(calendar.month), calendar.monthName, undefined, false);
    },
  ],
  Nanosecond: [0, part((c) => c.nanosecond)],
  Round: [1, (time, d) => moved(time, roundTime(time.ns, durationOf(d)))],
  Second: [0, part((c) => c.second)],
  String: [0, (time) => timeText(time)],
  Sub: [1, (time, other) => new DurationValue(time.ns - timeOf(other))],
  Truncate: [1, (time, d) => moved(time, truncateTime(time.ns, durationOf(d)))],
  UTC: [0, ({ ns }) => new TimeValue(ns)],
  Unix: [0, (time) => new Calendar(time).seconds],
  UnixMicro: [0, ({ ns }) => (ns - (((ns % MICROSECOND) + MICROSECOND) % MICROSECOND)) / MICROSECOND],
  UnixMilli: [0, ({ ns }) => (ns - (((ns % MILLISECOND) + MILLISECOND) % MILLISECOND)) / MILLISECOND],
  UnixNano: [0, ({ ns }) => ns],
  Weekday: [
    0,
    (time) => {
      const calendar = new Calendar(time);
      return new NamedValue('time.Weekday', BigInt(calendar.weekday), calendar.weekdayName, undefined, false);
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

type DurationMethod = (ns: bigint, argument: TemplateValue) => TemplateValue;

const durationMethods: Readonly<Record<string, readonly [arity: number, method: DurationMethod]>> = {
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
  if (value instanceof TimeValue) return bound(timeMethods, value, name);
  if (value instanceof DurationValue) return bound(durationMethods, value.ns, name);
  if (value instanceof StructValue) return textMethod(name, value.traits.text) ?? own(value.traits.methods, name);
  if (!(value instanceof NamedValue)) return undefined;
  const { text } = value;
  return textMethod(name, text === undefined ? undefined : () => text) ?? own(value.methods, name);
}

function textMethod(name: string, text: (() => string) | undefined): MethodSpec | undefined {
  return name === 'String' && text !== undefined ? { arity: 0, call: text } : undefined;
}

function own(table: MethodTable | undefined, name: string): MethodSpec | undefined {
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

function bound<Value>(
  table: Readonly<Record<string, readonly [number, (value: Value, argument: TemplateValue) => TemplateValue]>>,
  value: Value,
  name: string,
): MethodSpec | undefined {
  if (!Object.hasOwn(table, name)) return undefined;
  const [arity, method] = table[name]!;
  return { arity, call: ([argument]) => method(value, argument) };
}
