export { TemplateError } from './error';
export { sprintf } from './printf';
export { parseTemplate, type Template, type TemplateOptions } from './template';
export {
  type Method,
  type MethodSpec,
  type MethodTable,
  NamedValue,
  struct,
  StructValue,
  type TemplateValue,
} from './value';
