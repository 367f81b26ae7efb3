import { DurationValue } from '@supercap/data-model';
import type { ScriptValue } from './script-types';

const OBJECT_TYPES = {
  lambda: '*ast.LambdaNode',
  regex: '*regexp.Regexp',
  star: '*ast.StarNode',
  node: 'pipeline.Node',
  reference: '*ast.ReferenceNode',
  timeDimension: 'pipeline.TimeDimension',
} as const;

/** The Go type of a script's value, as it stands in error texts that clients match on. */
export function goTypeOfScriptValue(value: ScriptValue): string {
  switch (typeof value) {
    case 'bigint':
      return 'int64';
    case 'number':
      return 'float64';
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    default:
      if (value instanceof DurationValue) return 'time.Duration';
      return 'kind' in value ? OBJECT_TYPES[value.kind] : '[]interface {}';
  }
}
