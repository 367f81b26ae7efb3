export * from './batch-json';
