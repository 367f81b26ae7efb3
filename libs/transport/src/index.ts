export * from './grpc-client';
export * from './grpc-server';
export * from './http-error';
export * from './redis';
