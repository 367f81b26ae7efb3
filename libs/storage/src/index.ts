export * from './database';
export * from './event-store';
export * from './fact-store';
export * from './notifications';
export * from './run-store';
export * from './task-repository';
export * from './template-repository';
export * from './topic-repository';
export { Prisma } from './generated/client';
