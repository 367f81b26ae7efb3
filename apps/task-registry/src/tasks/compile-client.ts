import { compiler } from '@supercap/protocol';
import type { Dialect } from '@supercap/storage';
import { call } from '@supercap/transport';

export interface CompileOrder {
  readonly script: string;
  /** "stream", "batch", or empty: as the script says. */
  readonly type: string;
  /** JSON text as the API takes it. */
  readonly vars: string;
  readonly dialect: Dialect;
  readonly template?: boolean;
}

/** A script that the compiler refused; `kind` says which part of the order is wrong. */
export class CompileRefusal extends Error {
  override readonly name = 'CompileRefusal';
  constructor(
    message: string,
    /** "script", "type", "vars" or "json" */
    readonly kind: string,
  ) {
    super(message);
  }
}

export interface CompileClient {
  /** `id` is shown as the name of the graph. Throws CompileRefusal. */
  compile(id: string, order: CompileOrder): Promise<compiler.Compiled>;
  /** The canonical text; undefined when the script cannot be parsed. */
  format(script: string): Promise<string | undefined>;
}

/** Answers of the compiler that are kept: a task that is looked at often is compiled once. */
const KEPT = 300;
const KEPT_SCRIPT_CHARACTERS = 32 * 1024;

/** The compiler service. The same order always has the same answer. */
export class GrpcCompileClient implements CompileClient {
  private readonly kept = new Map<string, Promise<compiler.Compiled>>();

  constructor(private readonly client: compiler.CompilerClient) {}

  compile(id: string, { script, type, vars, dialect, template = false }: CompileOrder): Promise<compiler.Compiled> {
    const key = JSON.stringify([id, type, vars, dialect, template, script]);
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const asked = this.ask(id, { script, type, vars, dialect, template });
    if (script.length <= KEPT_SCRIPT_CHARACTERS) {
      if (this.kept.size >= KEPT) this.kept.delete(this.kept.keys().next().value!);
      this.kept.set(key, asked);
      // A refusal, or a compiler that is away, is not kept.
      asked.catch(() => this.kept.delete(key));
    }
    return asked;
  }

  private async ask(id: string, order: CompileOrder): Promise<compiler.Compiled> {
    const answer = await call('tickscript-compiler', this.client.compile.bind(this.client), {
      script: order.script,
      type: order.type,
      varsJson: order.vars === '{}' ? '' : order.vars,
      template: order.template ?? false,
      dialect: order.dialect,
      taskId: id,
    });
    if (answer.compiled !== undefined) return answer.compiled;
    throw new CompileRefusal(answer.error?.message ?? 'the compiler gave no answer', answer.error?.kind ?? 'script');
  }

  async format(script: string): Promise<string | undefined> {
    const { formatted, error } = await call('tickscript-compiler', this.client.format.bind(this.client), { script });
    return error === '' ? formatted : undefined;
  }
}
