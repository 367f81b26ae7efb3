export * from './definition';
export * from './go-types';
export * from './pipeline';
export * from './runtime';
export * from './script-types';
