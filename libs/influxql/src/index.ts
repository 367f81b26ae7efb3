export type { Expression, Fill, Measurement, OtherStatement, SelectStatement, Source, Statement } from './ast';
export { InfluxqlError } from './errors';
export { formatName, formatSelect } from './format';
export { parseQuery } from './parser';
export { rewriteQuery, soleSource, type Grouping, type QueryRewrite } from './rewrite';
