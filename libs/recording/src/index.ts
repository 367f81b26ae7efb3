export * from './batch-json';
export * from './batch-recording';
export { RecordingFormatError } from './errors';
export { type ReplayTiming, SourceClock } from './replay-clock';
export { compressStream, formatRecordedPoint, readStreamRecording } from './stream-recording';
export type { RandomAccess } from './zip-reader';
