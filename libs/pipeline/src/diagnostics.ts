import { functionCatalog } from '@supercap/lambda';
import { type Call, type ParseError, parseLenient, type Position, type Program, walk } from '@supercap/tickscript';
import { type CompileInput, finish, prepare, validateNode } from './compile';
import { asWritten, type Candidate, ScriptError } from './errors';
import { nearMiss } from './near-miss';
import { inferTaskType } from './task-type';
import { Unknowable } from './values';

export interface Diagnostic {
  /** Both start at 1; `char` counts bytes, as error texts do. */
  readonly line: number;
  readonly char: number;
  /** Bytes; 0 where only the start is known. */
  readonly length: number;
  readonly message: string;
  /** What may have been meant, as a sentence. */
  readonly suggestion?: string;
  readonly severity: 'error' | 'warning';
}

/** Errors that are told of one script; more help nobody. */
const LIMIT = 200;

/** Everything that is wrong with a script, in the order of the text. Never throws for what a script holds. */
export function diagnose(input: CompileInput): Diagnostic[] {
  const found: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic) => {
    found.push(diagnostic);
    if (found.length >= LIMIT) throw new Enough();
  };
  try {
    const { program, errors } = parseLenient(input.script);
    for (const error of errors) report(ofParseError(error));
    diagnoseProgram(input, program, errors.length > 0, report, () =>
      found.every(({ severity }) => severity !== 'error'),
    );
  } catch (error) {
    if (error instanceof ScriptError) found.push(ofScriptError(error));
    else if (error instanceof RangeError) found.push(at(undefined, 'the script is nested too deeply'));
    else if (!(error instanceof Enough)) throw error;
  }
  return found.sort((a, b) => a.line - b.line || a.char - b.char);
}

/** Stops the search. */
class Enough extends Error {}

type Report = (diagnostic: Diagnostic) => void;

function diagnoseProgram(
  input: CompileInput,
  program: Program,
  partial: boolean,
  report: Report,
  clean: () => boolean,
): void {
  const type = (input.dialect === '2016' && input.taskType) || inferTaskType(program);
  if (!type && !partial) {
    report({
      ...at(undefined, 'invalid task type: invalid'),
      suggestion: 'a task starts from either stream or batch, and not from both',
    });
  }
  checkFunctions(program, report);
  if (!type) return;
  const { evaluator, graph, vars } = prepare(input, program, type, (error) => report(ofScriptError(error)));
  if (partial) {
    // What a statement that does not parse would have declared is not missing.
    for (const name of namesDeclaredIn(input.script, program)) evaluator.scope.set(name, new Unknowable());
  }
  evaluator.run(program);
  if (!clean()) return;
  const nodes = finish(input, graph);
  for (const node of nodes) {
    const problem = node.nodeKind === node.definition.name ? validateNode(node) : undefined;
    if (problem !== undefined) report(at(node.madeBy?.position, problem, byteLength(node.madeBy)));
  }
  if (input.dialect === 'v1' && nodes.length <= 1) report(at(undefined, 'task does nothing'));
  warnOfUnusedVars(program, Object.keys(vars.declared), report);
}

/** Functions are looked up when a lambda is evaluated; here they are looked up at once. */
function checkFunctions(program: Program, report: Report): void {
  walk(program, (node) => {
    if (node.kind !== 'lambda') return;
    walk(node.expression, (inner) => {
      if (inner.kind !== 'call' || functionCatalog.has(inner.name)) return;
      report({
        ...at(inner.position, `undefined function: "${inner.name}"`, byteLength(inner)),
        ...suggest(
          inner.name,
          [...functionCatalog.keys()].map((name) => ({ name, written: `${name}()` })),
        ),
      });
    });
  });
}

function warnOfUnusedVars(program: Program, names: readonly string[], report: Report): void {
  const used = new Set<string>();
  walk(program, (node) => {
    if (node.kind === 'identifier') used.add(node.name);
    // The name that a declaration gives is no use of it.
    if (node.kind !== 'declaration' && node.kind !== 'typeDeclaration') return;
    if (node.kind === 'declaration')
      walk(node.value, (inner) => void (inner.kind === 'identifier' && used.add(inner.name)));
    return false;
  });
  for (const statement of program.statements) {
    if (statement.kind !== 'declaration' && statement.kind !== 'typeDeclaration') continue;
    const { name, position } = statement.name;
    if (used.has(name) || !names.includes(name)) continue;
    report({ ...at(position, `var ${name} is never used`, Buffer.byteLength(name)), severity: 'warning' });
  }
}

function* namesDeclaredIn(script: string, program: Program): Generator<string> {
  const read = new Set(
    program.statements.flatMap((s) => (s.kind === 'declaration' || s.kind === 'typeDeclaration' ? [s.name.name] : [])),
  );
  for (const [, name] of script.matchAll(/\bvar\s+(\p{L}[\p{L}\p{Nd}_]*)/gu)) if (!read.has(name!)) yield name!;
}

function at(position: Position | undefined, message: string, length = 0): Diagnostic {
  return { line: position?.line ?? 1, char: position?.char ?? 1, length, message, severity: 'error' };
}

function byteLength(call: Call | undefined): number {
  return call ? Buffer.byteLength(call.name) : 0;
}

function ofParseError(error: ParseError): Diagnostic {
  return at(error.position, error.message, error.length);
}

function ofScriptError({ detail, position, length, unknown }: ScriptError): Diagnostic {
  const diagnostic = at(position, detail, length);
  if (!unknown) return diagnostic;
  const bools = asWritten(['TRUE', 'FALSE']).filter(({ name }) => name === unknown.name.toUpperCase());
  return { ...diagnostic, ...suggest(unknown.name, [...bools, ...unknown.candidates]) };
}

function suggest(name: string, candidates: readonly Candidate[]): { suggestion: string } | Record<never, never> {
  const meant = nearMiss(name, candidates);
  return meant === undefined ? {} : { suggestion: `did you mean ${meant}?` };
}
