export * from './codec';
export * from './dataflow';
export type { Edge } from './edge';
export type { Origin } from './origin';
export * from './router';
export type { TaskLog } from './node-log';
export { systemClock } from './task-clock';
