import { DurationValue, formatDurationGo, TimeValue } from '@supercap/data-model';
import { formatFloatDefault } from './format-float';
import { timeText } from './time-format';
import { entryOf, isList, NamedValue, sortedKeys, StructValue, type TemplateValue } from './value';

/** The text of a value as `%v` writes it; with `plus`, as `%+v`: names of fields included. */
export function text(value: TemplateValue, plus = false): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return formatFloatDefault(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'undefined':
      return '<nil>';
    default:
      if (value === null) return '<nil>';
      if (value instanceof NamedValue) return value.text ?? text(value.underlying);
      if (value instanceof DurationValue) return formatDurationGo(value.ns);
      if (value instanceof TimeValue) return timeText(value);
      if (value instanceof StructValue) {
        if (value.traits.text !== undefined) return value.traits.text();
        const members = value.members.map(([name, member]) => (plus ? `${name}:` : '') + text(member, plus));
        return `{${members.join(' ')}}`;
      }
      if (isList(value)) return `[${value.map((item) => text(item, plus)).join(' ')}]`;
      return `map[${sortedKeys(value)
        .map((key) => `${key}:${text(entryOf(value, key), plus)}`)
        .join(' ')}]`;
  }
}

/** Go's fmt.Sprint: a blank between two operands of which neither is a string. */
export function sprint(args: readonly TemplateValue[]): string {
  let out = '';
  args.forEach((arg, i) => {
    if (i > 0 && !isString(arg) && !isString(args[i - 1])) out += ' ';
    out += text(arg);
  });
  return out;
}

export function sprintln(args: readonly TemplateValue[]): string {
  return `${args.map((arg) => text(arg)).join(' ')}\n`;
}

function isString(value: TemplateValue): boolean {
  return typeof value === 'string' || (value instanceof NamedValue && typeof value.underlying === 'string');
}
