import { utf8Length } from './characters';
import { CallError, TemplateError } from './error';
import { MAX_TEXT } from './functions';
import { type ActionNode, type CommandNode, type OperandNode, sourceOf, type TemplateNode } from './nodes';
import type { TemplateValue } from './value';

export type ErrorNode = OperandNode | CommandNode | ActionNode | TemplateNode;

/** How many iterations and invocations one execution may take, and how deep invocations may nest. */
const MAX_STEPS = 1_000_000;
const MAX_DEPTH = 500;

/** Where one execution stands. */
export class Execution {
  out = '';
  /** Variables of the template that runs, by slot. */
  variables: TemplateValue[] = [];
  /** What is being evaluated, for error texts. */
  at: ErrorNode | undefined;
  /** The template that runs. */
  running: string;
  depth = 0;
  private steps = 0;

  constructor(
    readonly name: string,
    private readonly source: string,
  ) {
    this.running = name;
  }

  write(text: string): void {
    this.out += text;
    if (this.out.length > MAX_TEXT) throw this.error(`output is longer than ${MAX_TEXT} characters`);
  }

  step(): void {
    if (++this.steps > MAX_STEPS) throw this.error(`more than ${MAX_STEPS} iterations`);
  }

  enter(): void {
    this.step();
    if (++this.depth > MAX_DEPTH) throw this.error(`exceeded maximum template depth (${MAX_DEPTH})`);
  }

  error(message: string, cause?: unknown): TemplateError {
    const { at } = this;
    const where = at === undefined ? this.name : `${this.name}:${placeIn(this.source, at.at)}`;
    const context = at === undefined ? '' : ` at <${sourceOf(at)}>`;
    return new TemplateError(
      `template: ${where}: executing ${JSON.stringify(this.running)}${context}: ${message}`,
      cause === undefined ? undefined : { cause },
    );
  }

  /** A complaint of a function, method or escaper, as the error of the node that called it. */
  errorOf(node: ErrorNode, callee: string, error: unknown): unknown {
    if (!(error instanceof CallError)) return error;
    this.at = node;
    return this.error(`error calling ${callee}: ${error.message}`, error);
  }
}

/** Line and, from 0, byte within it. */
export function placeIn(source: string, at: number): string {
  const lineStart = at === 0 ? 0 : source.lastIndexOf('\n', at - 1) + 1;
  const line = source.slice(0, lineStart).split('\n').length;
  return `${line}:${utf8Length(source.slice(lineStart, at))}`;
}
