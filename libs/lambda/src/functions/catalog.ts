import { conversionFunctions } from './conversion';
import type { FunctionDefinition } from './definition';
import { mathFunctions } from './math';
import { miscFunctions } from './misc';
import { statefulFunctions } from './stateful';
import { stringFunctions } from './string';
import { timeFunctions } from './time';

/** Every function that a lambda can call, by name. The docs and completion are made from it. */
export const functionCatalog: ReadonlyMap<string, FunctionDefinition> = catalogOf([
  ...conversionFunctions,
  ...mathFunctions,
  ...stringFunctions,
  ...timeFunctions,
  ...miscFunctions,
  ...statefulFunctions,
]);

function catalogOf(definitions: readonly FunctionDefinition[]): Map<string, FunctionDefinition> {
  const catalog = new Map<string, FunctionDefinition>();
  for (const definition of definitions) {
    if (catalog.has(definition.name)) throw new Error(`two lambda functions are called ${definition.name}`);
    catalog.set(definition.name, definition);
  }
  return catalog;
}
