import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BinaryOperator, Comment, Expression, Identifier, Program, Statement } from './ast';
import { format } from './format';
import { literal } from './literal';
import { parse } from './parser';
import { fuzz } from './parser.fuzz';

const position = { offset: 0, line: 1, char: 1 };

const name = fc.stringMatching(/^[a-zé][a-zA-Z0-9_]{0,5}$/).filter((word) => !['var', 'dbrp'].includes(word));
const identifier = name.map((text): Identifier => ({ kind: 'identifier', name: text, position }));
const text = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '\n', '"', '/', '\\a', '😀', "'"), maxLength: 6 });
const string = fc.oneof(
  text.map((value) => literal.string(value)),
  text.filter((value) => !value.includes("'")).map((value) => ({ ...literal.string(value), tripleQuoted: true })),
);
const reference = text.map((value): Expression => ({ kind: 'reference', name: value, position }));
const star = fc.constant(literal.star());
const operand: fc.Arbitrary<Expression> = fc.oneof(
  fc.bigInt(0n, 2n ** 63n - 1n).map((value): Expression => literal.int(value)),
  fc.bigInt(0n, 4096n).map((value): Expression => ({ ...literal.int(value), base: 8 })),
  fc
    .double({ min: 0, noNaN: true, noDefaultInfinity: true })
    .map((value): Expression => literal.float(Math.abs(value))),
  fc.boolean().map((value): Expression => literal.bool(value)),
  fc.constantFrom('10s', '1w', '7µ', '0u').map((d): Expression => ({ ...literal.duration(0n), text: d })),
  fc.constantFrom('a', 'a/b', '^\\d+$', '.').map((pattern): Expression => literal.regex(pattern)),
  star,
  string,
  reference,
  identifier,
);

// prettier-ignore
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['OR'], ['AND'], ['==', '!=', '=~', '!~'], ['<', '<=', '>', '>='], ['+', '-'], ['*', '/', '%'],
];
const level = (operator: BinaryOperator) => LEVELS.findIndex((operators) => operators.includes(operator));

/** Puts an operand of an operation into parentheses where the text needs them. */
const bracketed = (node: Expression, minimum: number): Expression =>
  node.kind === 'binary' && level(node.operator) < minimum ? { ...node, parenthesised: true } : node;

const { primary } = fc.letrec<{ primary: Expression }>((tie) => ({
  primary: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    operand,
    fc
      .tuple(fc.constantFrom('-' as const, '!' as const), tie('primary'))
      .map(([operator, inner]): Expression => ({ kind: 'unary', operator, operand: bracketed(inner, 6), position })),
    fc
      .tuple(name, fc.array(tie('primary'), { maxLength: 3 }), fc.boolean())
      .map(([called, args, multiLine]): Expression => ({
        kind: 'call',
        name: called,
        type: 'global',
        args,
        multiLine,
        position,
      })),
    fc
      .tuple(fc.constantFrom(...LEVELS.flat()), tie('primary'), tie('primary'), fc.boolean(), fc.boolean())
      .map(([operator, left, right, parenthesised, multiLine]): Expression => ({
        kind: 'binary',
        operator,
        left: bracketed(left, level(operator)),
        right: bracketed(right, level(operator) + 1),
        parenthesised,
        multiLine,
        position,
      })),
  ),
}));

const lambda = primary.map((expression): Expression => ({ kind: 'lambda', expression, position }));
const list = fc
  .array(fc.oneof(string, identifier, star), { maxLength: 3 })
  .map((items): Expression => literal.list(items));
const TYPES = { '|': 'chain', '.': 'property', '@': 'dynamic' } as const;

const { argument, chain } = fc.letrec<{ argument: Expression; chain: Expression }>((tie) => ({
  argument: fc.oneof({ depthSize: 'small' }, primary, lambda, list, tie('chain')),
  chain: fc
    .tuple(
      identifier,
      fc.array(
        fc.tuple(
          fc.constantFrom('|' as const, '.' as const, '@' as const),
          name,
          fc.array(tie('argument'), { maxLength: 3 }),
          fc.boolean(),
        ),
        { minLength: 1, maxLength: 4 },
      ),
    )
    .map(([first, links]) =>
      links.reduce<Expression>(
        (left, [operator, called, args, multiLine]) => ({
          kind: 'chain',
          operator,
          left,
          right: { kind: 'call', name: called, type: TYPES[operator], args, multiLine, position },
          position,
        }),
        first,
      ),
    ),
}));

const quoteless = fc
  .stringMatching(/^[a-z. ]{0,5}$/)
  .map((value) => ({ kind: 'reference' as const, name: value, position }));
const statement: fc.Arbitrary<Statement> = fc.oneof(
  chain,
  fc.tuple(identifier, argument).map(([n, value]): Statement => ({ kind: 'declaration', name: n, value, position })),
  fc
    .tuple(identifier, identifier)
    .map(([n, type]): Statement => ({ kind: 'typeDeclaration', name: n, type, position })),
  fc.tuple(quoteless, quoteless).map(([db, rp]): Statement => ({ kind: 'dbrp', db, rp, position })),
);

const comment: fc.Arbitrary<Comment> = fc
  .array(fc.array(fc.stringMatching(/^[a-z]( ?[a-z/']){0,4}$/), { minLength: 1, maxLength: 2 }), {
    minLength: 1,
    maxLength: 2,
  })
  .map((groups) => ({ groups }));
const commented = fc
  .tuple(fc.array(fc.tuple(statement, fc.option(comment)), { maxLength: 4 }), fc.option(comment))
  .map(([pairs, last]): Program => ({
    kind: 'program',
    statements: pairs.map(([s, c]) => (c && s.kind !== 'chain' ? { ...s, comment: c } : s)),
    ...(last && { comment: last }),
  }));

/** What the tree means: neither positions nor what only shapes the text. */
function meaning(program: Program): unknown {
  return JSON.parse(
    JSON.stringify(program, (key, value: unknown) =>
      ['position', 'multiLine', 'ns'].includes(key) ? undefined : typeof value === 'bigint' ? `${value}` : value,
    ),
  );
}

/** Flags of line breaks as the parser sees them in the text that the flags themselves gave. */
function settled(program: Program): Program {
  let current = program;
  for (let round = 0; round < 12; round++) {
    const next = parse(format(current));
    if (format(next) === format(current)) return next;
    current = next;
  }
  throw new Error(`the text of a tree does not settle: ${format(current)}`);
}

describe('parse after format', () => {
  it('gives the same tree', () => {
    fc.assert(
      fc.property(commented, (program) => {
        expect(meaning(parse(format(program)))).toEqual(meaning(program));
      }),
      { numRuns: 400 },
    );
  });

  it('settles on one text', () => {
    fc.assert(
      fc.property(commented, (program) => {
        const text = format(settled(program));
        expect(format(parse(text))).toBe(text);
      }),
      { numRuns: 200 },
    );
  });
});

describe('any text', () => {
  it('is read or refused with a parse error', () => {
    fuzz.run(3000, 20260101);
  });
});
