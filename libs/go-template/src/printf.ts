import { CallError } from './error';
import { formatArgument } from './format-argument';
import type { Flags } from './format-verb';
import { text } from './print';
import { basicOf, type TemplateValue, typeName } from './value';

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
      syntax: false,
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
    if (format[this.at] === '.' && this.at + 1 < format.length) {
      this.at++;
      if (indexed) this.goodIndex = false;
      indexed = this.index();
      if (format[this.at] === '*') {
        this.at++;
        const precision = this.starred();
        if (precision === undefined || precision < 0) out += '%!(BADPREC)';
        else flags.precision = precision;
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
    const int = basicOf(value);
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
