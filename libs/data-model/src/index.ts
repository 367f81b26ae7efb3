export * from './duration';
export * from './group';
export * from './json';
export * from './layout';
export * from './message';
export * from './tags';
export * from './time';
export * from './value';
