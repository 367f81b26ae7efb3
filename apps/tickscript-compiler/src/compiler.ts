import {
  compileScript,
  complete,
  diagnose,
  dot,
  encodePipeline,
  legacyDot,
  ScriptError,
  varsFromJson,
  varsToJson,
  VarsError,
  type Catalog,
  type CompileInput,
  type DeadmanSettings,
} from '@supercap/pipeline';
import { compiler } from '@supercap/protocol';
import { format, parse, ParseError } from '@supercap/tickscript';

export interface CompilerSettings {
  readonly deadman: DeadmanSettings;
  readonly scriptBytes: number;
}

/** Answers that are kept: a task is compiled when it is defined, shown, and enabled. */
const CACHED = 500;
const CACHED_SCRIPT_BYTES = 64 * 1024;

/** Scripts in, pipelines or diagnostics out. The same request always has the same answer, so answers are kept. */
export class Compiler {
  private readonly cache = new Map<string, compiler.CompileResponse>();

  constructor(
    private readonly catalog: Catalog,
    private readonly settings: CompilerSettings,
  ) {}

  compile(request: compiler.CompileRequest): compiler.CompileResponse {
    const key = JSON.stringify(request);
    const known = this.cache.get(key);
    if (known !== undefined) {
      this.cache.delete(key);
      this.cache.set(key, known);
      return known;
    }
    const response = this.compileAnew(request);
    if (key.length <= CACHED_SCRIPT_BYTES) {
      if (this.cache.size >= CACHED) this.cache.delete(this.cache.keys().next().value!);
      this.cache.set(key, response);
    }
    return response;
  }

  private compileAnew(request: compiler.CompileRequest): compiler.CompileResponse {
    const size = Buffer.byteLength(request.script);
    if (size > this.settings.scriptBytes) {
      return failure(`script of ${size} bytes is larger than the limit of ${this.settings.scriptBytes}`, 'script');
    }
    try {
      const compiled = compileScript(this.input(request));
      return {
        compiled: {
          type: compiled.type,
          pipelineJson: encodePipeline(compiled.pipeline),
          dbrps: compiled.dbrps.map(({ db, rp }) => ({ db, rp })),
          varsJson: varsToJson(compiled.vars),
          dot: dot(compiled.pipeline, request.taskId),
          legacyDot: legacyDot(compiled.pipeline, request.taskId, this.catalog),
          formatted: compiled.formatted,
        },
      };
    } catch (error) {
      if (error instanceof VarsError)
        return error.malformed ? failure('invalid JSON', 'json') : failure(error.message, 'vars');
      if (error instanceof ScriptError) return failure(error.message, error.kind === 'taskType' ? 'type' : 'script');
      throw error;
    }
  }

  format({ script }: compiler.FormatRequest): compiler.FormatResponse {
    try {
      return { formatted: format(parse(script)), error: '' };
    } catch (error) {
      if (error instanceof ParseError) return { formatted: '', error: error.message };
      throw error;
    }
  }

  diagnose(request: compiler.CompileRequest): compiler.DiagnoseResponse {
    let input: CompileInput;
    try {
      input = this.input(request);
    } catch (error) {
      if (!(error instanceof VarsError)) throw error;
      return {
        diagnostics: [{ line: 1, char: 1, length: 0, message: error.message, suggestion: '', severity: 'error' }],
      };
    }
    return {
      diagnostics: diagnose(input).map(({ line, char, length, message, suggestion, severity }) => ({
        line,
        char,
        length,
        message,
        suggestion: suggestion ?? '',
        severity,
      })),
    };
  }

  complete({ script, offset }: compiler.CompleteRequest): compiler.CompleteResponse {
    const before = Buffer.from(script).subarray(0, offset).toString('utf8');
    return {
      completions: complete(script, before.length, this.catalog).map(({ name, kind, summary }) => ({
        name,
        kind,
        summary,
        insert: name,
      })),
    };
  }

  private input(request: compiler.CompileRequest): CompileInput {
    return {
      script: request.script,
      ...((request.type === 'stream' || request.type === 'batch') && { taskType: request.type }),
      ...(request.varsJson !== '' && { vars: varsFromJson(request.varsJson) }),
      template: request.template,
      dialect: request.dialect === '2016' ? '2016' : 'v1',
      catalog: this.catalog,
      deadman: this.settings.deadman,
    };
  }
}

const failure = (message: string, kind: 'script' | 'type' | 'vars' | 'json'): compiler.CompileResponse => ({
  error: { message, kind },
});
