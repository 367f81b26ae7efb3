export { type Catalog, createCatalog, type Members } from './catalog';
export { decodePipeline, encodePipeline, PipelineFormatError } from './codec';
export { type CompiledScript, type CompileInput, compileScript } from './compile';
export { complete, type Completion } from './completion';
export { type DeadmanSettings, defaultDeadman } from './deadman';
export * from './definition';
export {
  type CatalogDescription,
  describeCatalog,
  type FunctionDescription,
  type HandlerDescription,
  type NodeDescription,
  type ParameterDescription,
  type PropertyDescription,
} from './describe';
export { diagnose, type Diagnostic } from './diagnostics';
export { dot, type DotStats, type DotView, dotWithStats } from './dot';
export { edgeMismatch } from './edges';
export { ScriptError, type ScriptErrorKind } from './errors';
export type { Dbrp } from './evaluator';
export { headerProblem } from './http-headers';
export { legacyDot } from './legacy-dot';
export * from './pipeline';
export { toPipelineJson } from './pipeline-json';
export * from './runtime';
export * from './script-types';
export { topologicalOrder } from './topology';
export type { UdfDefinition, UdfOptionType, UdfOptionUse } from './udf';
export {
  decodeVars,
  encodeVars,
  type Var,
  type VarJson,
  type Vars,
  VarsError,
  varsFromJson,
  varsToJson,
  type VarType,
  varTypes,
} from './vars';
