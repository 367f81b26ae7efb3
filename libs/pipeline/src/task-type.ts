import { type Program, type Statement, walk } from '@supercap/tickscript';
import type { EdgeType } from './definition';

/** The type that the sources used by a script agree on; undefined if it uses none or both. */
export function inferTaskType(program: Program): EdgeType | undefined {
  const used = new Set<string>();
  for (const statement of program.statements) {
    const source = sourceOf(statement.kind === 'declaration' ? statement.value : statement);
    if (source !== undefined) used.add(source);
  }
  if (used.size !== 1) return undefined;
  return used.has('stream') ? 'stream' : 'batch';
}

function sourceOf(statement: Statement): EdgeType | undefined {
  let head = statement;
  while (head.kind === 'chain') head = head.left;
  return head.kind === 'identifier' && (head.name === 'stream' || head.name === 'batch') ? head.name : undefined;
}

/** Whether the script is written with the operators of 0.13 and later. */
export function usesPipes(program: Program): boolean {
  let found = false;
  walk(program, (node) => {
    found ||= node.kind === 'chain' && node.operator === '|';
    return !found;
  });
  return found;
}
