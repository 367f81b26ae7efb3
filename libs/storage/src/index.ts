export * from './database';
export * from './notifications';
export * from './run-store';
export { Prisma } from './generated/client';
