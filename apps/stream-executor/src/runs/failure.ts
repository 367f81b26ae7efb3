import { StateCodecError } from '@supercap/dataflow';
import { DefinitionError, FatalNodeError, StartError } from '@supercap/pipeline';

/** SQLSTATE classes and codes of what passes: connections, resources, operator intervention, locks, serialization. */
const PASSING_SQL = /^(?:08|53|57|58|40)|^55P03$/;
/** Of Node's system errors and of Prisma's: connections, time, transactions that could not begin. */
const PASSING_CODES = /^(?:E[A-Z]+|ERR_SOCKET_.*|P10\d\d|P2024|P2028|P2034)$/;
const PASSING_NAMES = new Set(['LogUnavailableError', 'LogFullError', 'AbortError', 'TimeoutError']);
const PASSING_TEXTS = /time-?out|timed out|terminat|connect|closed|not queryable|reset/i;

/** What a run that could not be built failed for. */
export type FailureKind = 'task' | 'world' | 'unknown';

/**
 * Errors of a task are the same however often it is tried: its script, its options, the format of its state. Those of the
 * world (connections, time) pass.
 */
export function failureKind(error: unknown): FailureKind {
  if (isOfTask(error)) return 'task';
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (passes(cause)) return 'world';
  }
  return 'unknown';
}

function isOfTask(error: unknown): boolean {
  return [StartError, FatalNodeError, DefinitionError, StateCodecError].some((type) => error instanceof type);
}

function passes(error: Error): boolean {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && (PASSING_CODES.test(code) || (code.length === 5 && PASSING_SQL.test(code))))
    return true;
  return PASSING_NAMES.has(error.name) || PASSING_TEXTS.test(error.message);
}
