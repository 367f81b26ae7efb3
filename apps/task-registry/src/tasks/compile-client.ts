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

/** The compiler service. */
export class GrpcCompileClient implements CompileClient {
  constructor(private readonly client: compiler.CompilerClient) {}

  async compile(id: string, order: CompileOrder): Promise<compiler.Compiled> {
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
