export * from './codec';
export * from './dataflow';
export type { Edge } from './edge';
export type { Origin } from './origin';
export * from './router';
export type { Snapshot } from './snapshot';
export type { TaskLog } from './node-log';
export { systemClock } from './task-clock';
