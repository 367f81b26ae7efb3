import { DurationValue, type FieldValue, Layout, TimeValue } from '@supercap/data-model';
import type { BinaryOperator, Expression } from '@supercap/tickscript';
import { type CompiledLambda, compileLambda } from './compile';
import { EvaluationError, LambdaError } from './errors';
import { functionCatalog } from './functions/catalog';
import { pointOf } from './lambda.fixture';
import { CompiledRegex } from './regex';
import type { LambdaValue } from './value';

type Random = (below: number) => number;

const position = { offset: 0, line: 1, char: 1 };
const OPERATORS: readonly BinaryOperator[] = [
  'OR',
  'AND',
  '==',
  '!=',
  '=~',
  '!~',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '%',
];
const FUNCTIONS = [...functionCatalog.keys()].filter((name) => name !== 'rand' && name !== 'now');
const NAMES = ['a', 'b', 'c', 'host', 'time', 'r', '__proto__', 'constructor', ''];
const FLOATS = [0, -0, 1, -1.5, 0.1, 1e300, -1e-300, 5e-324, Infinity, -Infinity, NaN, 2 ** 63, 123456.789];
const INTS = [0n, 1n, -1n, 2n, 10n, 2n ** 63n - 1n, -(2n ** 63n), 9007199254740993n];
const STRINGS = ['', 'a', 'abc', 'é😀', '1', 'true', '10s', '0x1p3', '\u2028', "'", '\\', 'h17', ' x ', '\ud800'];
const PATTERNS = ['^h[0-9]*7$', 'a', '.*', '(?i)A|b', '[^a]+', '(a|b)*c', '\\d{2}', '(', 'é?$'];

/** A small generator with a seed (mulberry32), so that a failing input can be made again. */
function randomSource(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const pickOf =
  (random: Random) =>
  <T>(list: readonly T[]): T =>
    list[random(list.length)]!;

function randomExpression(random: Random, depth: number): Expression {
  const pick = pickOf(random);
  const inner = () => randomExpression(random, depth - 1);
  switch (random(depth > 0 ? 14 : 8)) {
    case 0:
    case 1:
    case 2:
      return { kind: 'reference', name: pick(NAMES), position };
    case 3:
      return { kind: 'number', value: random(2) === 0 ? pick(FLOATS) : pick(INTS), position };
    case 4:
      return { kind: 'bool', value: random(2) === 0, position };
    case 5:
      return { kind: 'string', value: pick(STRINGS), tripleQuoted: false, position };
    case 6:
      return { kind: 'duration', ns: pick(INTS), position };
    case 7:
      return { kind: 'regex', pattern: pick(PATTERNS), position };
    case 8:
      return { kind: 'unary', operator: random(2) === 0 ? '-' : '!', operand: inner(), position };
    case 9:
    case 10:
    case 11: {
      const binary = { parenthesised: true, multiLine: false, position } as const;
      return { kind: 'binary', operator: pick(OPERATORS), left: inner(), right: inner(), ...binary };
    }
    case 12: {
      const name = random(20) === 0 ? 'toString' : pick(FUNCTIONS);
      const count = functionCatalog.get(name)?.signatures[0]?.args.length ?? random(3);
      const args = Array.from({ length: random(10) === 0 ? random(4) : count }, inner);
      return { kind: 'call', name, type: 'global', args, multiLine: false, position };
    }
    default:
      return { kind: 'lambda', expression: inner(), position };
  }
}

function randomValue(random: Random): FieldValue {
  const pick = pickOf(random);
  switch (random(8)) {
    case 0:
    case 1:
      return pick(FLOATS);
    case 2:
    case 3:
      return pick(INTS);
    case 4:
      return pick(STRINGS);
    case 5:
      return random(2) === 0;
    case 6:
      return random(2) === 0 ? new DurationValue(pick(INTS)) : new TimeValue(pick(INTS));
    default:
      return random(2) === 0 ? null : 1;
  }
}

function randomPoint(random: Random) {
  const some = (share: number) => NAMES.filter(() => random(10) < share);
  return pointOf({
    fields: Object.fromEntries(some(6).map((name) => [name, randomValue(random)])),
    tags: Object.fromEntries(some(2).map((name) => [name, pickOf(random)(STRINGS)])),
    time: pickOf(random)(INTS),
  });
}

/** A text that two outcomes have in common exactly if they are the same. */
function describe(evaluate: () => LambdaValue): string {
  let value: LambdaValue;
  try {
    value = evaluate();
  } catch (error) {
    if (error instanceof EvaluationError) return `fails: ${error.message}`;
    throw error;
  }
  if (value === undefined) throw new Error('an evaluation has no value');
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value) throw new Error('an int exceeds 64 bits');
  if (value instanceof DurationValue || value instanceof TimeValue) return `${value.constructor.name} ${value.ns}`;
  if (value instanceof CompiledRegex) return `regex ${value.pattern}`;
  return `${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`;
}

function tryLambda(lambda: CompiledLambda, random: Random): void {
  const resultLayout = Layout.of(['host', 'r']);
  const ours = { state: lambda.newState(), shared: lambda.newShared() };
  const generic = { state: lambda.newState(), shared: lambda.newShared() };
  for (let i = 0; i < 6; i++) {
    const point = randomPoint(random);
    const values = resultLayout.names.map(() => (random(2) === 0 ? undefined : randomValue(random)));
    const results = random(2) === 0 ? { layout: resultLayout, values } : undefined;
    const compiled = describe(() => lambda.evaluate(point, ours.state, ours.shared, results));
    const interpreted = describe(() => lambda.evaluateGenerically(point, generic.state, generic.shared, results));
    if (compiled !== interpreted) throw new Error(`compiled: ${compiled}; interpreted: ${interpreted}`);
    // A second evaluation finds the code that the first one made.
    const again = describe(() => lambda.evaluate(point, generic.state, generic.shared, results));
    const reference = describe(() => lambda.evaluateGenerically(point, ours.state, ours.shared, results));
    if (again !== reference) throw new Error(`compiled again: ${again}; interpreted: ${reference}`);
    describe(() => lambda.predicate(point, lambda.newState(), lambda.newShared()));
  }
}

/** Random expressions over random points: values and known errors only, the same from compiled code as without. */
export const fuzz = {
  name: 'lambda',
  run(inputs: number, seed: number): void {
    const random = randomSource(seed);
    for (let i = 0; i < inputs; i++) {
      const expression = randomExpression(random, random(6));
      try {
        tryLambda(compileLambda({ kind: 'lambda', expression, position }), random);
      } catch (error) {
        if (error instanceof LambdaError) continue;
        const input = JSON.stringify(expression, (_, value: unknown) =>
          typeof value === 'bigint' ? `${value}i` : value,
        );
        throw new Error(`input ${i} of seed ${seed} fails: ${input}`, { cause: error });
      }
    }
  },
};
