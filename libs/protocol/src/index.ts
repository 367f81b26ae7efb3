export * as compiler from './generated/supercap/compiler';
export * as executor from './generated/supercap/executor';
export * as health from './generated/grpc/health/v1/health';
export * as registry from './generated/supercap/registry';
export * from './queues';
