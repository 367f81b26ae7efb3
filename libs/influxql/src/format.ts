import type { Expression, Fill, Measurement, SelectStatement, Source } from './ast';
import { isKeyword } from './keywords';

/** The text of a statement as InfluxDB prints it: names in quotes only where they need them. */
export function formatSelect(select: SelectStatement): string {
  const { fields, target, sources, condition, dimensions, fill, order, timeZone } = select;
  const counts: readonly (readonly [string, bigint])[] = [
    ['LIMIT', select.limit],
    ['OFFSET', select.offset],
    ['SLIMIT', select.seriesLimit],
    ['SOFFSET', select.seriesOffset],
  ];
  const parts = [
    `SELECT ${fields.map(({ expression, alias }) => formatExpression(expression) + (alias === '' ? '' : ` AS ${formatName(alias)}`)).join(', ')}`,
    target && `INTO ${formatMeasurement(target)}`,
    `FROM ${sources.map(formatSource).join(', ')}`,
    condition && `WHERE ${formatExpression(condition)}`,
    dimensions.length > 0 && `GROUP BY ${dimensions.map(formatExpression).join(', ')}`,
    fill !== 'null' && `fill(${formatFill(fill)})`,
    order.length > 0 &&
      `ORDER BY ${order.map(({ name, ascending }) => `${formatName(name)} ${ascending ? 'ASC' : 'DESC'}`).join(', ')}`,
    ...counts.map(([word, count]) => count > 0n && `${word} ${count}`),
    timeZone !== '' && `TZ(${formatString(timeZone)})`,
  ];
  return parts.filter((part) => typeof part === 'string').join(' ');
}

export function formatExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'binary':
      return formatChain(expression);
    case 'paren':
      return `(${formatExpression(expression.inner)})`;
    case 'call':
      return `${expression.name}(${expression.args.map(formatExpression).join(', ')})`;
    case 'reference':
      return formatName(expression.name) + formatType(expression.type);
    case 'distinct':
      return `DISTINCT ${formatName(expression.name)}`;
    case 'wildcard':
      return `*${formatType(expression.type)}`;
    case 'string':
      return formatString(expression.value);
    case 'regex':
      return formatPattern(expression.pattern);
    case 'number':
      return formatNumber(expression.value);
    case 'duration':
      return formatDuration(expression.value);
    case 'integer':
    case 'boolean':
      return String(expression.value);
  }
}

/** A long chain (`a OR b OR …`) nests on its left side only: too deeply for recursion. */
function formatChain(chain: Expression): string {
  const parts: string[] = [];
  let rest = chain;
  while (rest.kind === 'binary') {
    parts.push(` ${rest.operator} ${formatExpression(rest.right)}`);
    rest = rest.left;
  }
  return formatExpression(rest) + parts.reverse().join('');
}

const formatType = (type: string | undefined) => (type === undefined ? '' : `::${type}`);

function formatSource(source: Source): string {
  return source.kind === 'measurement' ? formatMeasurement(source) : `(${formatSelect(source.select)})`;
}

function formatMeasurement({ database, retentionPolicy, name, pattern }: Measurement): string {
  const last = pattern === undefined ? formatName(name) : formatPattern(pattern);
  if (database === '' && retentionPolicy === '') return last;
  const policy = retentionPolicy === '' ? '' : formatName(retentionPolicy);
  return database === '' ? `${policy}.${last}` : `${formatName(database)}.${policy}.${last}`;
}

export function formatName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !isKeyword(name)) return name;
  return `"${name.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

export function formatString(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`;
}

const formatPattern = (pattern: string) => `/${pattern.replaceAll('/', '\\/')}/`;

const formatFill = (fill: Fill) => (typeof fill === 'number' ? formatNumber(fill) : String(fill));

/** Never in exponent form, which InfluxQL does not read. */
function formatNumber(value: number): string {
  const text = String(value);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (parts === null) return text;
  const [, sign, first, rest = '', exponent] = parts as unknown as string[];
  const digits = first! + rest;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}${digits.length > point ? '' : '.0'}`;
}

const UNITS: readonly (readonly [string, bigint])[] = [
  ['w', 604_800_000_000_000n],
  ['d', 86_400_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['m', 60_000_000_000n],
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['u', 1_000n],
  ['ns', 1n],
];

/** In the largest unit that leaves no rest. */
export function formatDuration(ns: bigint): string {
  if (ns === 0n) return '0s';
  const [name, unit] = UNITS.find(([, size]) => ns % size === 0n)!;
  return `${ns / unit}${name}`;
}
