import { formatDuration, parseDuration } from '@supercap/data-model';
import { callError } from '../errors';
import { formatFloat, formatFloatGeneral, parseFloat64, parseInt64, quote } from '../go-text';
import { scaleDuration, truncateToInt, wrap } from '../integer';
import { type FunctionDefinition, signature } from './definition';

const theme = 'conversion';

function stringToBool(text: string): boolean {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true;
  if (/^(?:0|f|F|FALSE|false|False)$/.test(text)) return false;
  throw callError('bool', `strconv.ParseBool: parsing ${quote(text)}: invalid syntax`);
}

function intToBool(value: bigint): boolean {
  if (value === 0n || value === 1n) return value === 1n;
  throw callError('bool', `cannot convert ${value} to boolean`);
}

function floatToBool(value: number): boolean {
  if (value === 0 || value === 1) return value === 1;
  throw callError('bool', `cannot convert ${formatFloatGeneral(value)} to boolean`);
}

function stringToInt(text: string): bigint {
  const value = parseInt64(text);
  if (typeof value === 'string') throw callError('int', value);
  return value;
}

function stringToFloat(text: string): number {
  const value = parseFloat64(text);
  if (typeof value === 'string') throw callError('float', value);
  return value;
}

function stringToDuration(text: string): bigint {
  const value = parseDuration(text);
  if (value === undefined) throw callError('duration', `invalid duration string ${quote(text)}`);
  return value;
}

export const conversionFunctions: readonly FunctionDefinition[] = [
  {
    name: 'bool',
    theme,
    summary:
      'Convert to a bool: the texts 1 t T TRUE true True and 0 f F FALSE false False, or a number that is 0 or 1.',
    signatures: [
      signature(['boolean'], 'boolean', (value: boolean) => value),
      signature(['string'], 'boolean', stringToBool),
      signature(['int'], 'boolean', intToBool),
      signature(['float'], 'boolean', floatToBool),
    ],
  },
  {
    name: 'int',
    theme,
    summary: 'Convert to an int. A float is cut toward zero, a string must be a decimal integer.',
    signatures: [
      signature(['boolean'], 'int', (value: boolean) => (value ? 1n : 0n)),
      signature(['string'], 'int', stringToInt),
      signature(['int'], 'int', (value: bigint) => value),
      signature(['float'], 'int', truncateToInt),
    ],
  },
  {
    name: 'float',
    theme,
    summary: 'Convert to a float. A string may have an exponent, or be inf or NaN.',
    signatures: [
      signature(['boolean'], 'float', (value: boolean) => (value ? 1 : 0)),
      signature(['string'], 'float', stringToFloat),
      signature(['int'], 'float', (value: bigint) => Number(value)),
      signature(['float'], 'float', (value: number) => value),
    ],
  },
  {
    name: 'string',
    theme,
    summary: 'Convert to a string. A float becomes the shortest decimal, a duration the largest unit that divides it.',
    signatures: [
      signature(['boolean'], 'string', String),
      signature(['string'], 'string', (value: string) => value),
      signature(['int'], 'string', (value: bigint) => value.toString()),
      signature(['float'], 'string', formatFloat),
      signature(['duration'], 'string', formatDuration),
    ],
  },
  {
    name: 'duration',
    theme,
    summary: 'Convert to a duration: a number times a unit, or a text such as 1h30m (whose unit argument is not used).',
    signatures: [
      signature(['duration'], 'duration', (value: bigint) => value),
      signature(['int', 'duration'], 'duration', (value: bigint, unit: bigint) => wrap(value * unit)),
      signature(['float', 'duration'], 'duration', (value: number, unit: bigint) => scaleDuration(unit, value)),
      signature(['string', 'duration'], 'duration', stringToDuration),
    ],
  },
];
