import type { Position } from '@supercap/tickscript';
import { asWritten, ScriptError } from './errors';
import type { Value } from './values';

/** The names of a script: one flat table, no blocks. */
export class Scope {
  private readonly values = new Map<string, Value>();

  has(name: string): boolean {
    return this.values.has(name);
  }

  set(name: string, value: Value): void {
    this.values.set(name, value);
  }

  get(name: string, position: Position): Value {
    const value = this.values.get(name);
    if (value !== undefined) return value;
    const names = this.names();
    throw new ScriptError('evaluation', `name "${name}" is undefined. Names in scope: ${names.join(',')}`, {
      position,
      length: Buffer.byteLength(name),
      unknown: { name, candidates: asWritten(names) },
    });
  }

  names(): string[] {
    return [...this.values.keys()];
  }
}
