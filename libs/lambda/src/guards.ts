import type { Binding } from './binding';
import type { ConstantPool } from './constant-pool';

/**
 * The code that loads references and sees whether they are bound as expected: a field of this type, a tag, an earlier
 * result, nothing. It returns MISS if not. Slots are looked up when the layout is not the one of the point before.
 */
export interface Guards {
  /** Variables that live as long as the evaluator. */
  readonly declarations: readonly string[];
  /** Statements after which `v0`, `v1`, … hold the references; durations and times are bare. */
  readonly statements: readonly string[];
}

const TYPE_TESTS: Record<Binding['type'], (value: string) => string> = {
  float: (value) => `typeof ${value} !== 'number'`,
  int: (value) => `typeof ${value} !== 'bigint'`,
  string: (value) => `typeof ${value} !== 'string'`,
  boolean: (value) => `typeof ${value} !== 'boolean'`,
  duration: (value) => `!(${value} instanceof DurationValue)`,
  time: (value) => `!(${value} instanceof TimeValue)`,
  null: (value) => `${value} !== null`,
  missing: (value) => `${value} !== undefined`,
  regex: () => 'true',
};

const missIf = (condition: string) => `if (${condition}) return MISS;`;

export function guardsOf(bindings: readonly Binding[], names: readonly string[], constants: ConstantPool): Guards {
  const parts = bindings.map((binding, i) => guardOf(binding, i, constants.nameOf(names[i])));
  const all = (pick: (part: Guard) => readonly string[] | undefined) => parts.flatMap((part) => pick(part) ?? []);
  const layoutLookups = all((part) => part.layoutLookups);
  const resultLookups = all((part) => part.resultLookups);

  const declarations = all((part) => part.declarations);
  const statements = ['const { layout, values, tags } = point;'];
  if (layoutLookups.length > 0) {
    declarations.push('let known = null;');
    // Until all look-ups have come to an end the layout is not known.
    statements.push(`if (layout !== known) { known = null; ${layoutLookups.join(' ')} known = layout; }`);
  }
  if (resultLookups.length > 0) {
    declarations.push('let knownResults = null;');
    statements.push(
      'const ofResults = results === undefined ? undefined : results.layout;',
      `if (ofResults !== knownResults) { knownResults = null; ${resultLookups.join(' ')} knownResults = ofResults; }`,
    );
  }
  return { declarations, statements: [...statements, ...all((part) => part.checks)] };
}

interface Guard {
  readonly declarations?: readonly string[];
  /** Run for a layout that the point before did not have. */
  readonly layoutLookups?: readonly string[];
  /** Run for results of another eval than before (that is, once). */
  readonly resultLookups?: readonly string[];
  /** Run for each point. */
  readonly checks: readonly string[];
}

function guardOf({ source, type }: Binding, i: number, name: string): Guard {
  const value = `v${i}`;
  const slot = `s${i}`;
  const noTag = missIf(`tags.get(${name}) !== undefined`);
  const noField = missIf(`layout.slot(${name}) >= 0`);
  const bare = type === 'duration' || type === 'time' ? [`${value} = ${value}.ns;`] : [];
  const resultSlot = `${slot} = ofResults === undefined ? -1 : ofResults.slot(${name});`;
  const result = `${slot} < 0 ? undefined : results.values[${slot}]`;
  switch (source) {
    case 'time':
      return { checks: [`const ${value} = point.time;`] };
    case 'field':
      return {
        declarations: [`let ${slot} = 0;`],
        layoutLookups: [missIf(`(${slot} = layout.slot(${name})) < 0`)],
        checks: [`let ${value} = values[${slot}];`, missIf(TYPE_TESTS[type](value)), noTag, ...bare],
      };
    case 'tag':
      return {
        layoutLookups: [noField],
        checks: [`const ${value} = tags.get(${name});`, missIf(`${value} === undefined`)],
      };
    case 'collision':
      return {
        layoutLookups: [missIf(`layout.slot(${name}) < 0`)],
        checks: [missIf(`tags.get(${name}) === undefined`)],
      };
    case 'result':
      return {
        declarations: [`let ${slot} = -1;`],
        layoutLookups: [noField],
        resultLookups: [resultSlot],
        checks: [noTag, `let ${value} = ${result};`, missIf(TYPE_TESTS[type](value)), ...bare],
      };
  }
}
