export * from './ast';
export { toAstJson } from './ast-json';
export { format, formatExpression } from './format';
export { formatFloat } from './format-literal';
export { parseLenient } from './lenient';
export { literal, regexProblem } from './literal';
export { ParseError } from './parse-error';
export { MAX_NESTING, parse, parseLambda } from './parser';
export { mapExpression, walk, type Node } from './tree';
