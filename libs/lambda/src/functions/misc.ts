import { callError } from '../errors';
import { truncateToInt } from '../integer';
import type { Operand, ValueType } from '../value';
import { type FunctionDefinition, signature } from './definition';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** SI units of 1000, one decimal below ten. A negative number is taken as the unsigned one of the same bits. */
function humanBytes(value: bigint): string {
  const bytes = BigInt.asUintN(64, value);
  if (bytes < 10n) return `${bytes} B`;
  const size = Number(bytes);
  const exponent = Math.min(Math.floor(Math.log(size) / Math.log(1000)), UNITS.length - 1);
  const mantissa = Math.floor((size / 1000 ** exponent) * 10 + 0.5) / 10;
  // Halves of the whole number are rounded to even, as Go prints them.
  const whole = mantissa % 1 === 0.5 ? Math.floor(mantissa / 2 + 0.5) * 2 : Math.round(mantissa);
  return `${mantissa < 10 ? mantissa.toFixed(1) : whole} ${UNITS[exponent]}`;
}

/** A float beyond the int64 but within the unsigned range keeps its value. */
function humanFloatBytes(value: number): string {
  return humanBytes(value >= 2 ** 63 && value < 2 ** 64 ? BigInt(value) : truncateToInt(value));
}

const branchTypes: readonly ValueType[] = ['float', 'int', 'string', 'boolean', 'regex', 'time', 'duration'];
const presenceTypes: readonly ValueType[] = ['boolean', 'string', 'int', 'float'];

export const miscFunctions: readonly FunctionDefinition[] = [
  {
    name: 'humanBytes',
    theme: 'misc',
    summary: 'A number of bytes as text with a unit: 1.0 kB, 82 MB.',
    signatures: [signature(['int'], 'string', humanBytes), signature(['float'], 'string', humanFloatBytes)],
  },
  {
    name: 'if',
    theme: 'misc',
    summary: 'The second argument if the first is TRUE, else the third. Both are evaluated and have one type.',
    signatures: branchTypes.map((type) =>
      signature(['boolean', type, type], type, (condition: boolean, yes: Operand, no: Operand) =>
        condition ? yes : no,
      ),
    ),
  },
  {
    name: 'isPresent',
    theme: 'misc',
    summary: 'Whether a field or tag is there.',
    signatures: [
      signature(['missing'], 'boolean', () => false),
      ...presenceTypes.map((type) => signature([type], 'boolean', () => true)),
    ],
  },
  {
    name: 'rand',
    theme: 'misc',
    summary: 'A random int that is not negative, and less than the argument if there is one.',
    volatile: true,
    since: '1.6.5',
    signatures: [signature([], 'int', random), signature(['int'], 'int', randomBelow)],
  },
];

function random(): bigint {
  const bits = (count: number) => BigInt(Math.floor(Math.random() * 2 ** count));
  return (bits(31) << 32n) | bits(32);
}

function randomBelow(limit: bigint): bigint {
  if (limit <= 0n) throw callError('rand', 'argument must be positive');
  return random() % limit;
}
