export * from './definition';
export * from './pipeline';
export * from './runtime';
export * from './script-types';
