// Go's text of numbers and strings (strconv, fmt), as results and error texts show them.

/** The shortest decimal that reads back as the same float, never with an exponent. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const text = String(value);
  const at = text.indexOf('e');
  if (at < 0) return text;
  const exponent = Number(text.slice(at + 1));
  const sign = value < 0 ? '-' : '';
  const mantissa = text.slice(sign.length, at);
  const point = mantissa.indexOf('.');
  const digits = mantissa.replace('.', '');
  const whole = (point < 0 ? mantissa.length : point) + exponent;
  if (whole <= 0) return `${sign}0.${'0'.repeat(-whole)}${digits}`;
  if (whole >= digits.length) return sign + digits.padEnd(whole, '0');
  return `${sign}${digits.slice(0, whole)}.${digits.slice(whole)}`;
}

/** Go's `%v` of a float: an exponent of two digits at least below 1e-4 and from 1e21 on. */
export function formatFloatGeneral(value: number): string {
  const abs = Math.abs(value);
  if (!Number.isFinite(value) || abs === 0 || (abs >= 1e-4 && abs < 1e21)) return formatFloat(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

/** Go's `%q` of a string. */
export function quote(text: string): string {
  let quoted = '"';
  for (const c of text)
    quoted += escapes.get(c) ?? (/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(c) ? escape(c.codePointAt(0)!) : c);
  return `${quoted}"`;
}

const escapes = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
]);

function escape(code: number): string {
  const hex = code.toString(16);
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Go's strconv.ParseInt of base 10 and 64 bits. The failure is a string: Go's text. */
export function parseInt64(text: string): bigint | string {
  if (!/^[+-]?[0-9]+$/.test(text)) return `strconv.ParseInt: parsing ${quote(text)}: invalid syntax`;
  // Longer than any int64 with leading zeros left out: reading it as a number would only cost time.
  const digits = text.replace(/^[+-]?0*/, '');
  const value =
    digits.length > 19 ? undefined : BigInt(digits === '' ? '0' : digits) * (text.startsWith('-') ? -1n : 1n);
  if (value === undefined || BigInt.asIntN(64, value) !== value) {
    return `strconv.ParseInt: parsing ${quote(text)}: value out of range`;
  }
  return value;
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const HEXADECIMAL = /^([+-]?)0x([\da-f]*)\.?([\da-f]*)p([+-]?\d+)$/i;

/** Go's strconv.ParseFloat of 64 bits. The failure is a string: Go's text. */
export function parseFloat64(text: string): number | string {
  const bad = () => `strconv.ParseFloat: parsing ${quote(text)}: invalid syntax`;
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  // Underscores may stand between digits, and after the prefix of a hexadecimal number.
  if (text.includes('_')) {
    const unprefixed = text.replace(/^([+-]?0x)_/i, '$1');
    const stray = /^[+-]?0x/i.test(text) ? /(?<![\da-f])_|_(?![\da-f])/i : /(?<!\d)_|_(?!\d)/;
    if (stray.test(unprefixed)) return bad();
  }
  const plain = text.replaceAll('_', '');
  let value: number;
  if (DECIMAL.test(plain)) {
    value = Number(plain);
  } else {
    const match = HEXADECIMAL.exec(plain);
    if (match === null || (match[2] === '' && match[3] === '')) return bad();
    value = hexadecimal(match[1] === '-', match[2]!, match[3]!, Number(match[4]));
  }
  return Number.isFinite(value) ? value : `strconv.ParseFloat: parsing ${quote(text)}: value out of range`;
}

/** Rounds to nearest, ties to even, by keeping 64 bits of the mantissa and a sticky bit below them. */
function hexadecimal(negative: boolean, whole: string, fraction: string, exponent: number): number {
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return negative ? -0 : 0;
  let mantissa = BigInt(`0x${digits}`);
  let power = exponent - 4 * fraction.length;
  const bits = mantissa.toString(2).length;
  // A subnormal result has fewer bits than 53: what lies below its last bit is rounded once, here.
  const kept = Math.max(0, Math.min(53, bits + power + 1074));
  if (bits > kept) {
    const drop = BigInt(bits - kept);
    const rest = mantissa & ((1n << drop) - 1n);
    const half = 1n << (drop - 1n);
    mantissa >>= drop;
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa += 1n;
    power += Number(drop);
  }
  let value = Number(mantissa);
  for (; power > 0 && Number.isFinite(value); power -= Math.min(power, 1000)) value *= 2 ** Math.min(power, 1000);
  for (; power < 0 && value !== 0; power += Math.min(-power, 1000)) value *= 2 ** -Math.min(-power, 1000);
  return negative ? -value : value;
}
