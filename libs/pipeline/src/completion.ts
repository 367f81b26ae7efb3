import { functionCatalog } from '@supercap/lambda';
import { parseLenient } from '@supercap/tickscript';
import { type Catalog, deadmanCall } from './catalog';
import { prepare } from './compile';
import { findMember, memberNames, nodeOf } from './members';
import { HandlerHandle, NodeHandle } from './node-handle';
import { locate } from './script-cursor';
import { inferTaskType } from './task-type';
import type { UdfDefinition } from './udf';
import type { Value } from './values';

export interface Completion {
  readonly name: string;
  readonly kind: 'node' | 'property' | 'handler' | 'udf' | 'variable' | 'function' | 'keyword';
  readonly summary: string;
}

/** What could stand at a place of a script (UTF-16 offset), begun words taken into account. Never throws. */
export function complete(
  script: string,
  offset: number,
  catalog: Catalog,
  udfs: readonly UdfDefinition[] = [],
): Completion[] {
  const cursor = locate(script.slice(0, offset));
  if (!cursor) return [];
  const { before, inner, operator, word, inLambda, depth } = cursor;
  const texts = operator && depth > 0 ? [before, inner] : [before];
  const { value, names } = evaluate(texts, catalog, udfs, operator !== undefined);
  const all = operator
    ? value instanceof NodeHandle || value instanceof HandlerHandle
      ? membersOf(catalog, value, operator, udfs)
      : []
    : wordsFor(names, inLambda, depth);
  const begun = word.toLowerCase();
  return all
    .filter(({ name }) => name.toLowerCase().startsWith(begun))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function evaluate(
  texts: readonly string[],
  catalog: Catalog,
  udfs: readonly UdfDefinition[],
  wantsValue: boolean,
): { value: Value | undefined; names: string[] } {
  const programs = texts.map((text) => parseLenient(text).program);
  const statements = programs.flatMap((program) => program.statements);
  const type = inferTaskType({ kind: 'program', statements }) ?? (statements.length === 0 ? undefined : 'stream');
  if (type === undefined) return { value: undefined, names: ['stream', 'batch'] };
  const ignore = () => undefined;
  try {
    const input = { script: '', dialect: 'v1', template: true, catalog, udfs } as const;
    const { evaluator } = prepare(input, { kind: 'program', statements }, type, ignore);
    for (const program of programs) {
      evaluator.last = undefined;
      evaluator.run(program);
    }
    return { value: wantsValue ? evaluator.last : undefined, names: evaluator.scope.names() };
  } catch (error) {
    // A script that nests too deeply has no completions.
    if (error instanceof RangeError) return { value: undefined, names: [] };
    throw error;
  }
}

function membersOf(
  catalog: Catalog,
  object: NodeHandle | HandlerHandle,
  operator: '|' | '.' | '@',
  udfs: readonly UdfDefinition[],
): Completion[] {
  const names = memberNames(catalog, object, operator, new Map(udfs.map((udf) => [udf.name, udf])));
  if (operator === '@')
    return names.map((name) => ({ name, kind: 'udf', summary: `The user defined function ${name}.` }));
  if (operator === '|') {
    return names.map((name) => ({
      name,
      kind: 'node',
      summary: name === deadmanCall.name ? deadmanCall.summary : (catalog.get(name)?.summary ?? ''),
    }));
  }
  return [...new Set(names)].map((name) => {
    const member = findMember(catalog, object, name);
    if (member?.kind === 'handler') return { name, kind: 'handler', summary: member.definition.summary };
    const summary = member?.kind === 'property' ? member.property.summary : `An option of ${nodeOf(object).prefix}.`;
    return { name, kind: 'property', summary };
  });
}

const keyword = (name: string, summary: string): Completion => ({ name, kind: 'keyword', summary });

function wordsFor(names: readonly string[], inLambda: boolean, depth: number): Completion[] {
  const variables = names
    .filter((name) => !inLambda || !['stream', 'batch', 'time'].includes(name))
    .map((name): Completion => ({ name, kind: 'variable', summary: sourceSummaries[name] ?? 'A var of this script.' }));
  const truth = [keyword('TRUE', 'The bool that is true.'), keyword('FALSE', 'The bool that is false.')];
  if (inLambda) {
    const functions = [...functionCatalog.values()].map(({ name, summary }): Completion => ({
      name,
      kind: 'function',
      summary,
    }));
    return [...variables, ...functions, ...truth, keyword('AND', 'Both must hold.'), keyword('OR', 'One must hold.')];
  }
  if (depth > 0) return [...variables, ...truth, keyword('lambda:', 'An expression that is evaluated for each point.')];
  return [
    ...variables,
    keyword('var', 'Names a value or a node.'),
    keyword('dbrp', 'The database and retention policy whose points the task gets.'),
  ];
}

const sourceSummaries: Readonly<Record<string, string>> = {
  stream: 'The points that are written to the databases of the task.',
  batch: 'The results of queries.',
  time: 'A time dimension, for groupBy of a query.',
};
