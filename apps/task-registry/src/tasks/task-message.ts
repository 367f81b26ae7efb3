import type { compiler, registry } from '@supercap/protocol';
import type { RunRow, StoredTask } from '@supercap/storage';

/** Nanoseconds since the epoch; 0n: never. */
export const nanoseconds = (date: Date | null): bigint => (date === null ? 0n : BigInt(date.getTime()) * 1_000_000n);

/** What the compiler says about a stored script. */
export interface ScriptView {
  readonly compiled?: compiler.Compiled;
  /** Why it does not compile. */
  readonly error?: string;
  /** Absent: it cannot be formatted. */
  readonly formatted?: string;
}

/** A task for the API. What runs is shown as it was enabled, even when the definition has changed since. */
export function presentTask(task: StoredTask, run: RunRow | undefined, script: ScriptView): registry.Task {
  const executing = task.enabled && run?.status === 'running';
  const shown = executing ? run.definition : undefined;
  const runError = task.enabled ? (run?.error ?? '') : '';
  return {
    id: task.id,
    type: task.type,
    templateId: task.templateId,
    dbrps: task.dbrps.map(({ db, rp }) => ({ db, rp })),
    script: task.script,
    varsJson: task.vars,
    enabled: task.enabled,
    executing,
    error: runError !== '' ? runError : (script.error ?? ''),
    created: nanoseconds(task.created),
    modified: nanoseconds(task.modified),
    lastEnabled: nanoseconds(task.lastEnabled),
    dot: shown?.dot ?? script.compiled?.dot ?? '',
    legacyDot: shown?.legacyDot ?? script.compiled?.legacyDot ?? '',
    formatted: script.formatted ?? task.script,
    revision: task.revision,
    pipelineJson: shown?.pipeline ?? script.compiled?.pipelineJson ?? '',
  };
}
