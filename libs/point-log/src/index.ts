export type { SourcePosition } from './append-once';
export type { RedisAddress } from './connection';
export { LogFullError, LogUnavailableError, OffsetTrimmedError } from './errors';
export { compareOffsets, LOG_START, type LogOffset, nextOffset, timeOf } from './log-offset';
export type { LogSize } from './log-size';
export type { LogEntry, ReadOptions } from './log-tail';
export { PointLog, type PointLogHooks, type PointLogOptions } from './point-log';
