import { isPrintable } from './characters';
import { type FloatVerb, formatFloat } from './format-float';
import { quoteCharacter } from './quote';

export interface Flags {
  plus: boolean;
  minus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  /** `%+v`: names of fields, where a plus would otherwise ask for signs. */
  names: boolean;
  /** `%#v`: as it would stand in a Go program. */
  syntax: boolean;
  /** -1 where none is given; so is the precision. */
  width: number;
  precision: number;
}

/** To the width, counted in characters. */
export function pad(text: string, { width, minus, zero }: Flags): string {
  if (width <= text.length && width <= 0) return text;
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (minus) return text + ' '.repeat(missing);
  return (zero ? '0' : ' ').repeat(missing) + text;
}

const BASES: Readonly<Record<string, number>> = { d: 10, v: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

/** Undefined if an int has no such verb. */
export function formatInteger(verb: string, value: bigint, flags: Flags): string | undefined {
  const base = BASES[verb];
  if (base !== undefined) return formatDigits(verb, value, base, flags);
  switch (verb) {
    case 'c':
      return pad(String.fromCodePoint(codePoint(value)), flags);
    case 'q':
      return pad(quoteCharacter(value, flags.plus), flags);
    case 'U': {
      const code = BigInt.asUintN(64, value);
      const digits = code.toString(16).toUpperCase();
      const name = `U+${digits.padStart(Math.max(flags.precision, 4), '0')}`;
      const character = String.fromCodePoint(codePoint(value));
      const shown = flags.sharp && BigInt(codePoint(value)) === code && isPrintable(character) ? ` '${character}'` : '';
      return pad(name + shown, { ...flags, zero: false });
    }
    default:
      return undefined;
  }
}

function codePoint(value: bigint): number {
  const valid = value >= 0n && value <= 0x10ffffn && (value < 0xd800n || value > 0xdfffn);
  return valid ? Number(value) : 0xfffd;
}

function formatDigits(verb: string, value: bigint, base: number, flags: Flags): string {
  const negative = value < 0n;
  if (flags.precision === 0 && value === 0n) return pad('', { ...flags, zero: false });
  let digits = (negative ? -value : value).toString(base);
  const sign = negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  // Zeros go between the sign and the digits; a precision asks for them too.
  const fill = flags.zero && flags.precision < 0 && flags.width >= 0 ? flags.width - sign.length : flags.precision;
  digits = digits.padStart(fill, '0');
  if (flags.sharp && base === 2) digits = `0b${digits}`;
  else if (flags.sharp && base === 8 && !digits.startsWith('0')) digits = `0${digits}`;
  else if (flags.sharp && base === 16) digits = `0x${digits}`;
  if (verb === 'O') digits = `0o${digits}`;
  return pad(sign + (verb === 'X' ? digits.toUpperCase() : digits), { ...flags, zero: false });
}

/** How strconv is asked for each verb of a float, and the precision where none is given. */
const FLOAT_VERBS: Readonly<Record<string, readonly [kind: FloatVerb, precision: number]>> = {
  v: ['g', -1],
  g: ['g', -1],
  G: ['g', -1],
  e: ['e', 6],
  E: ['e', 6],
  f: ['f', 6],
  F: ['f', 6],
  b: ['b', -1],
  x: ['x', -1],
  X: ['x', -1],
};

/** Undefined if a float has no such verb. */
export function formatFloatVerb(verb: string, value: number, flags: Flags): string | undefined {
  const known = FLOAT_VERBS[verb];
  if (known === undefined) return undefined;
  const negative = value < 0 || Object.is(value, -0);
  const sign = negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  if (!Number.isFinite(value)) {
    const shown = Number.isNaN(value) ? `${sign}NaN` : `${sign === '' ? '+' : sign}Inf`;
    return pad(shown, { ...flags, zero: false });
  }
  const [kind, byDefault] = known;
  const precision = flags.precision >= 0 ? flags.precision : byDefault;
  const plain = formatFloat(Math.abs(value), kind, precision);
  const digits = flags.sharp && kind !== 'b' ? withPoint(plain, verb, precision) : plain;
  const shown = 'EGX'.includes(verb) ? digits.toUpperCase() : digits;
  if (!flags.zero || flags.width < 0) return pad(sign + shown, { ...flags, zero: false });
  return sign + shown.padStart(flags.width - sign.length, '0');
}

/** `#` keeps the point, and for some verbs the zeros behind it. */
function withPoint(text: string, verb: string, precision: number): string {
  const [, mantissa, power] = /^(0x[^p]*|[^e]*)(.*)$/.exec(text) as unknown as [string, string, string];
  // Go counts the x of a hexadecimal mantissa as a digit.
  const significant = mantissa.replace('.', '').replace(/^0+/, '').length + (mantissa === '0' ? 1 : 0);
  const wanted = 'vgGx'.includes(verb) ? (precision < 0 ? 6 : precision) : 0;
  const point = mantissa.includes('.') ? '' : '.';
  return mantissa + point + '0'.repeat(Math.max(wanted - significant, 0)) + power;
}
