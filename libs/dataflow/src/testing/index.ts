export * from './fake-ports';
export * from './manual-clock';
export * from './run-pipeline';
