import { DurationValue, formatDurationGo, SECOND, TimeValue, ZERO_TIME } from '@supercap/data-model';
import { type Flags, formatFloatVerb, formatInteger, pad } from './format-verb';
import { formatText } from './format-text';
import { Calendar, timeText } from './time-format';
import {
  entryOf,
  isList,
  isMap,
  LocalTime,
  NamedValue,
  sortedKeys,
  StructValue,
  type TemplateValue,
  typeName,
} from './value';

/** One argument of Go's fmt.Sprintf under its verb. */
export function formatArgument(verb: string, value: TemplateValue, flags: Flags): string {
  if (value == null) return verb === 'v' || verb === 'T' ? pad('<nil>', flags) : `%!${verb}(<nil>)`;
  if (verb === 'T') return formatText('s', typeName(value), flags)!;
  if (verb !== 'v' || !(flags.plus || flags.sharp)) return formatValue(verb, value, flags, true);
  // A plus or a sharp is another `%v`, not a sign or a prefix within it.
  const { plus, sharp } = flags;
  return formatValue(verb, value, { ...flags, plus: false, names: plus, sharp: false, syntax: sharp }, true);
}

/** Methods do not speak for what is shown beside a wrong verb. */
function formatValue(verb: string, value: TemplateValue, flags: Flags, methods: boolean): string {
  const said = methods ? textOfMethod(verb, value, flags) : undefined;
  if (said !== undefined) return said;
  const basic = value instanceof NamedValue ? value.underlying : value instanceof DurationValue ? value.ns : value;
  const shown =
    typeof basic === 'object' ? formatComposite(verb, basic, flags, methods) : formatBasic(verb, basic, flags, value);
  // What has no such verb stands there with its type, under the same flags.
  return shown ?? `%!${verb}(${typeName(value)}=${formatValue('v', value, flags, false)})`;
}

/** What a String or GoString method gives, for the verbs that ask it. */
function textOfMethod(verb: string, value: TemplateValue, flags: Flags): string | undefined {
  if (flags.syntax) return value instanceof TimeValue ? formatText('s', timeSyntax(value), flags) : undefined;
  if (!'vsxXq'.includes(verb)) return undefined;
  const text = methodText(value);
  return text === undefined ? undefined : formatText(verb, text, flags);
}

function methodText(value: TemplateValue): string | undefined {
  if (value instanceof NamedValue) return value.text;
  if (value instanceof StructValue) return value.traits.text?.();
  if (value instanceof DurationValue) return formatDurationGo(value.ns);
  return value instanceof TimeValue ? timeText(value) : undefined;
}

function formatBasic(
  verb: string,
  basic: string | number | bigint | boolean | undefined,
  flags: Flags,
  value: TemplateValue,
): string | undefined {
  switch (typeof basic) {
    case 'string':
      return formatText(verb === 'v' && flags.syntax ? 'q' : verb, basic, flags);
    case 'number':
      return formatFloatVerb(verb, basic, flags);
    case 'bigint': {
      const type = typeName(value);
      if (type.startsWith('*')) return formatPointer(verb, basic, flags);
      const syntax = flags.syntax && type.startsWith('uint');
      return syntax ? formatInteger('x', basic, { ...flags, sharp: true }) : formatInteger(verb, basic, flags);
    }
    case 'boolean':
      return verb === 't' || verb === 'v' ? pad(String(basic), flags) : undefined;
    default:
      return undefined;
  }
}

function formatPointer(verb: string, address: bigint, flags: Flags): string | undefined {
  if (verb === 'v' && address === 0n) return pad('<nil>', flags);
  return 'bodxX'.includes(verb) ? formatInteger(verb, address, flags) : undefined;
}

function formatComposite(
  verb: string,
  value: Exclude<TemplateValue, string | number | bigint | boolean | undefined>,
  flags: Flags,
  methods: boolean,
): string | undefined {
  // Of errors only, which no value here is.
  if (verb === 'w') return undefined;
  const { syntax } = flags;
  const element = (item: TemplateValue) =>
    item == null ? (syntax ? 'interface {}(nil)' : '<nil>') : formatValue(verb, item, flags, methods);
  const type = syntax ? typeName(value) : '';
  const gap = syntax ? ', ' : ' ';
  if (value instanceof TimeValue) return formatComposite(verb, timeParts(value), flags, methods);
  if (value instanceof StructValue) {
    const named = syntax || flags.names;
    const fields = value.members.map(([name, member]) => (named ? `${name}:` : '') + element(member));
    return `${type}{${fields.join(gap)}}`;
  }
  if (isList(value)) {
    const items = value.map(element).join(gap);
    return syntax ? `${type}{${items}}` : `[${items}]`;
  }
  if (!isMap(value)) return undefined;
  const entries = sortedKeys(value)
    .map((key) => `${element(key)}:${element(entryOf(value, key))}`)
    .join(gap);
  return syntax ? `${type}{${entries}}` : `map[${entries}]`;
}

/** The inside of a time.Time, which is what a verb sees that its String method does not speak for. */
function timeParts(time: TimeValue): StructValue {
  const { seconds, nanosecond } = new Calendar(time);
  const sinceYearOne = seconds - ZERO_TIME / SECOND;
  return new StructValue('time.Time', {
    wall: new NamedValue('uint64', BigInt(nanosecond)),
    ext: sinceYearOne,
    loc: new NamedValue('*time.Location', 0n),
  });
}

function timeSyntax(time: TimeValue): string {
  const t = new Calendar(time);
  const clock = [t.hour, t.minute, t.second, t.nanosecond].join(', ');
  return `time.Date(${t.year}, time.${t.monthName}, ${t.day}, ${clock}, ${time instanceof LocalTime ? 'time.Local' : 'time.UTC'})`;
}
