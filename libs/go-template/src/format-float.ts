export type FloatVerb = 'b' | 'e' | 'f' | 'g' | 'x';

/** Go's strconv.FormatFloat of a finite, non-negative float. A precision of -1 is the shortest that reads back the same. */
export function formatFloat(value: number, verb: FloatVerb, precision: number): string {
  switch (verb) {
    case 'b': {
      const [mantissa, power] = partsOf(value);
      return `${mantissa}p${power < 0 ? '' : '+'}${power}`;
    }
    case 'e':
      return exponent(precision < 0 ? value.toExponential() : toExponential(value, precision));
    case 'f':
      return precision < 0 ? withoutExponent(String(value)) : toFixed(value, precision);
    case 'g':
      return general(value, precision);
    case 'x':
      return hexadecimal(value, precision);
  }
}

/** The value as mantissa × 2^power, as its bits have it. */
function partsOf(value: number): [mantissa: bigint, power: number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const mantissa = (bits & 0xf_ffff_ffff_ffffn) | (biased === 0 ? 0n : 1n << 52n);
  return [mantissa, Math.max(biased, 1) - 1075];
}

/** Hexadecimal digits behind the point of a float's mantissa. */
const HEX_DIGITS = 13;

function hexadecimal(value: number, precision: number): string {
  let [mantissa, power] = partsOf(value);
  if (mantissa === 0n) return `0x0${precision > 0 ? `.${'0'.repeat(precision)}` : ''}p+00`;
  for (; mantissa >> 52n === 0n; power--) mantissa <<= 1n;
  power += 52;
  let places = HEX_DIGITS;
  if (precision >= 0 && precision < HEX_DIGITS) {
    const dropped = BigInt(4 * (HEX_DIGITS - precision));
    const half = 1n << (dropped - 1n);
    const rest = mantissa & ((half << 1n) - 1n);
    mantissa >>= dropped;
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa++;
    places = precision;
    if (mantissa >> BigInt(4 * places + 1) !== 0n) {
      mantissa >>= 1n;
      power++;
    }
  }
  const digits = mantissa.toString(16);
  const behind = precision < 0 ? digits.slice(1).replace(/0+$/, '') : digits.slice(1).padEnd(precision, '0');
  const exponentText = `${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  return `0x${digits[0]}${behind === '' ? '' : `.${behind}`}p${exponentText}`;
}

/** At least two digits of exponent. */
function exponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

function general(value: number, precision: number): string {
  const shortest = precision < 0;
  const digits = precision === 0 ? 1 : precision;
  const scientific = shortest ? value.toExponential() : toExponential(value, digits - 1);
  const [mantissa, power] = scientific.split('e') as [string, string];
  const significant = mantissa.replace('.', '').replace(/0+$/, '') || '0';
  const at = Number(power);
  // Not more places than there are digits before the point.
  const limit = shortest
    ? 6
    : digits > significant.length && significant.length >= at + 1
      ? significant.length
      : digits;
  if (at < -4 || at >= limit) {
    const decimals = significant.slice(1);
    return exponent(`${significant[0]}${decimals === '' ? '' : `.${decimals}`}e${power}`);
  }
  if (at < 0) return `0.${'0'.repeat(-at - 1)}${significant}`;
  const whole = significant.slice(0, at + 1).padEnd(at + 1, '0');
  const rest = significant.slice(at + 1);
  return rest === '' ? whole : `${whole}.${rest}`;
}

function toExponential(value: number, precision: number): string {
  if (value === 0) return `${precision === 0 ? '0' : `0.${'0'.repeat(precision)}`}e+0`;
  // The exponent of the exact value: the shortest text may already be rounded up to the next.
  let power = Number(value.toExponential(20).split('e')[1]);
  let digits = exactDigits(value, precision - power);
  if (digits.length > precision + 1) digits = exactDigits(value, precision - ++power);
  const mantissa = precision === 0 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return `${mantissa}e${power < 0 ? '-' : '+'}${Math.abs(power)}`;
}

function toFixed(value: number, precision: number): string {
  if (precision <= 15 && value < 1e6) {
    // JavaScript rounds a half up, Go to the even digit.
    const fraction = (value * 10 ** precision) % 1;
    if (fraction < 0.499 || fraction > 0.501) return value.toFixed(precision);
  }
  const digits = exactDigits(value, precision).padStart(precision + 1, '0');
  return precision === 0 ? digits : `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

/** `value` × 10^`places`, rounded half to even, as a row of digits. */
function exactDigits(value: number, places: number): string {
  const [mantissa, shift] = partsOf(value);
  const numerator = (mantissa << BigInt(Math.max(shift, 0))) * 10n ** BigInt(Math.max(places, 0));
  const denominator = (10n ** BigInt(Math.max(-places, 0))) << BigInt(Math.max(-shift, 0));
  const whole = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && (whole & 1n) === 1n);
  return (up ? whole + 1n : whole).toString();
}

function withoutExponent(text: string): string {
  const match = /^(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, whole, decimals = '', power] = match;
  const digits = `${whole}${decimals}`;
  const point = 1 + Number(power);
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  return `${digits.padEnd(point, '0').slice(0, point)}${point < digits.length ? `.${digits.slice(point)}` : ''}`;
}

/** Go's default text of a float, that of `%v`. */
export function formatFloatDefault(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (!Number.isFinite(value)) return sign === '' ? '+Inf' : '-Inf';
  return sign + formatFloat(Math.abs(value), 'g', -1);
}
