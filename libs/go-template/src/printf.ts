import { DurationValue, TimeValue } from '@supercap/data-model';
import { CallError } from './error';
import { isPrintable, utf8Encode } from './characters';
import { type Flags, formatFloatVerb, formatInteger, pad } from './format-verb';
import { goSyntax } from './go-syntax';
import { text } from './print';
import { quote, quoteRaw } from './quote';
import { entryOf, isList, isMap, NamedValue, sortedKeys, StructValue, type TemplateValue, typeName } from './value';

const MAX_WIDTH = 1_000_000;
const FLAGS = '+-# 0';

/** Go's fmt.Sprintf. Throws when the text would become longer than `limit`. */
export function sprintf(format: string, args: readonly TemplateValue[], limit = Infinity): string {
  return new Formatter(format, args, limit).run();
}

class Formatter {
  private at = 0;
  private argument = 0;
  private reordered = false;
  private goodIndex = true;

  constructor(
    private readonly format: string,
    private readonly args: readonly TemplateValue[],
    private readonly limit: number,
  ) {}

  run(): string {
    const { format, args } = this;
    let out = '';
    let anyReordered = false;
    while (this.at < format.length) {
      const percent = format.indexOf('%', this.at);
      const end = percent === -1 ? format.length : percent;
      out += format.slice(this.at, end);
      this.at = end + 1;
      if (percent === -1) break;
      this.reordered = false;
      this.goodIndex = true;
      out += this.directive();
      anyReordered ||= this.reordered;
      if (out.length > this.limit) throw new CallError(`text is longer than ${this.limit} characters`);
    }
    if (anyReordered || this.argument >= args.length) return out;
    const extra = args.slice(this.argument).map((arg) => (arg == null ? '<nil>' : `${typeName(arg)}=${text(arg)}`));
    return `${out}%!(EXTRA ${extra.join(', ')})`;
  }

  /** What stands behind a `%`. */
  private directive(): string {
    const { format } = this;
    const flags: Flags = {
      plus: false,
      minus: false,
      sharp: false,
      space: false,
      zero: false,
      names: false,
      width: -1,
      precision: -1,
    };
    let out = '';
    for (; FLAGS.includes(format[this.at] ?? 'x'); this.at++) setFlag(flags, format[this.at]!);
    let indexed = this.index();
    if (format[this.at] === '*') {
      this.at++;
      const width = this.starred();
      if (width === undefined) out += '%!(BADWIDTH)';
      else flags.width = Math.abs(width);
      if (width !== undefined && width < 0) {
        flags.minus = true;
        flags.zero = false;
      }
      indexed = false;
    } else {
      const width = this.digits();
      if (width !== undefined && indexed) this.goodIndex = false;
      if (width !== undefined && width > MAX_WIDTH) out += '%!(BADWIDTH)';
      else flags.width = width ?? -1;
    }
    if (format[this.at] === '.') {
      this.at++;
      if (indexed) this.goodIndex = false;
      indexed = this.index();
      if (format[this.at] === '*') {
        this.at++;
        const precision = this.starred();
        if (precision === undefined) out += '%!(BADPREC)';
        else flags.precision = Math.max(precision, -1);
        indexed = false;
      } else {
        const precision = this.digits() ?? 0;
        if (precision > MAX_WIDTH) out += '%!(BADPREC)';
        else flags.precision = precision;
      }
    }
    if (!indexed) this.index();
    return out + this.verb(flags);
  }

  private verb(flags: Flags): string {
    const { format, args } = this;
    if (this.at >= format.length) return '%!(NOVERB)';
    const verb = String.fromCodePoint(format.codePointAt(this.at)!);
    this.at += verb.length;
    if (verb === '%') return '%';
    if (!this.goodIndex) return `%!${verb}(BADINDEX)`;
    if (this.argument >= args.length) return `%!${verb}(MISSING)`;
    return formatArgument(verb, args[this.argument++], flags);
  }

  private digits(): number | undefined {
    const start = this.at;
    while (/^\d$/.test(this.format[this.at] ?? '')) this.at++;
    return this.at === start ? undefined : Number(this.format.slice(start, this.at));
  }

  /** An int argument for a width or a precision. */
  private starred(): number | undefined {
    const value = this.args[this.argument];
    if (this.argument < this.args.length) this.argument++;
    const int = value instanceof NamedValue ? value.underlying : value;
    if (typeof int !== 'bigint' || int > BigInt(MAX_WIDTH) || int < -BigInt(MAX_WIDTH)) return undefined;
    return Number(int);
  }

  /** `[3]`: the argument that comes next. */
  private index(): boolean {
    const { format } = this;
    if (format[this.at] !== '[') return false;
    this.reordered = true;
    const close = format.indexOf(']', this.at);
    const digits = close === -1 ? '' : format.slice(this.at + 1, close);
    this.at = close === -1 ? this.at + 1 : close + 1;
    const index = /^\d{1,7}$/.test(digits) ? Number(digits) : 0;
    if (index < 1 || index > this.args.length) {
      this.goodIndex = false;
      return close !== -1;
    }
    this.argument = index - 1;
    return true;
  }
}

function setFlag(flags: Flags, flag: string): void {
  switch (flag) {
    case '+':
      flags.plus = true;
      break;
    case '-':
      flags.minus = true;
      // Zeros are never put to the right.
      flags.zero = false;
      break;
    case '#':
      flags.sharp = true;
      break;
    case ' ':
      flags.space = true;
      break;
    default:
      flags.zero = !flags.minus;
  }
}

function formatArgument(verb: string, value: TemplateValue, flags: Flags): string {
  if (value === null || value === undefined) {
    return verb === 'v' || verb === 'T' ? pad('<nil>', flags) : `%!${verb}(<nil>)`;
  }
  if (verb === 'T') return formatString('s', typeName(value), flags);
  if (verb === 'v' && flags.sharp) return goSyntax(value);
  if (verb === 'v' && flags.plus) return formatValue(verb, value, { ...flags, plus: false, names: true });
  return formatValue(verb, value, flags);
}

function formatValue(verb: string, value: TemplateValue, flags: Flags): string {
  const named = textual(value);
  // A String method speaks for every verb that can take a string.
  if (named !== undefined && 'vsxXq'.includes(verb)) return formatString(verb === 'v' ? 's' : verb, named, flags)!;
  switch (typeof value) {
    case 'string':
      return formatString(verb, value, flags) ?? bad(verb, value);
    case 'number':
      return formatFloatVerb(verb, value, flags) ?? bad(verb, value);
    case 'bigint':
      return formatInteger(verb, value, flags) ?? bad(verb, value);
    case 'boolean':
      return verb === 't' || verb === 'v' ? pad(String(value), flags) : bad(verb, value);
    default:
      return formatComposite(verb, value, flags);
  }
}

/** What a String method gives. */
function textual(value: TemplateValue): string | undefined {
  if (value instanceof NamedValue) return value.text;
  return value instanceof DurationValue || value instanceof TimeValue ? text(value) : undefined;
}

function formatComposite(verb: string, value: TemplateValue, flags: Flags): string {
  const element = (item: TemplateValue): string =>
    item === null || item === undefined
      ? verb === 'v'
        ? '<nil>'
        : `%!${verb}(<nil>)`
      : formatValue(verb, item, flags);
  if (value instanceof NamedValue) return named(verb, value, flags);
  if (value instanceof DurationValue) return formatInteger(verb, value.ns, flags) ?? bad(verb, value);
  if (value instanceof TimeValue) return bad(verb, value);
  if (value instanceof StructValue) {
    const { names } = flags;
    const fields = Object.keys(value.fields).map((name) => (names ? `${name}:` : '') + element(value.fields[name]));
    return `{${fields.join(' ')}}`;
  }
  if (isList(value)) return `[${value.map(element).join(' ')}]`;
  if (isMap(value)) {
    const entries = sortedKeys(value).map((key) => `${element(key)}:${element(entryOf(value, key))}`);
    return `map[${entries.join(' ')}]`;
  }
  return bad(verb, value);
}

function named(verb: string, value: NamedValue, flags: Flags): string {
  const { underlying } = value;
  switch (typeof underlying) {
    case 'bigint':
      return formatInteger(verb, underlying, flags) ?? bad(verb, value);
    case 'number':
      return formatFloatVerb(verb, underlying, flags) ?? bad(verb, value);
    case 'boolean':
      return verb === 't' || verb === 'v' ? pad(String(underlying), flags) : bad(verb, value);
    case 'string':
      return formatString(verb, underlying, flags) ?? bad(verb, value);
  }
}

function bad(verb: string, value: TemplateValue): string {
  return `%!${verb}(${typeName(value)}=${text(value)})`;
}

function formatString(verb: string, value: string, flags: Flags): string;
function formatString(verb: string, value: string, flags: Flags): string | undefined;
function formatString(verb: string, value: string, flags: Flags): string | undefined {
  switch (verb) {
    case 'v':
    case 's':
      return pad(cut(value, flags.precision), flags);
    case 'q': {
      const shortened = cut(value, flags.precision);
      return pad(flags.sharp && isPrintableText(shortened) ? quoteRaw(shortened) : quote(shortened, flags.plus), flags);
    }
    case 'x':
    case 'X': {
      const bytes = utf8Encode(value);
      const shortened = flags.precision >= 0 ? bytes.subarray(0, flags.precision) : bytes;
      const digits = [...shortened].map((byte) => byte.toString(16).padStart(2, '0'));
      const prefixed = flags.space
        ? digits.map((pair) => (flags.sharp ? `0x${pair}` : pair)).join(' ')
        : `${flags.sharp && digits.length > 0 ? '0x' : ''}${digits.join('')}`;
      return pad(verb === 'X' ? prefixed.toUpperCase() : prefixed, flags);
    }
    default:
      return undefined;
  }
}

function isPrintableText(value: string): boolean {
  for (const character of value) if (character !== '\t' && !isPrintable(character)) return false;
  return true;
}

function cut(value: string, characters: number): string {
  return characters < 0 || value.length <= characters ? value : [...value].slice(0, characters).join('');
}
