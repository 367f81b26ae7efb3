import { DurationValue } from '@supercap/data-model';
import { type Parameter, DefinitionError, type Property } from './definition';
import { CallFault } from './errors';
import { HandlerHandle, NodeHandle } from './node-handle';
import { goParameterTypes, type ParameterType, type ScriptValue } from './script-types';
import { goTypeOfValue, isList, type SyntaxNames, toScriptValue, type Value } from './values';

// Arguments of calls: how many, of which type, and as what a definition gets them. The faults are told in the words of
// Go's reflection, which clients know.

/** The argument as the definition gets it, undefined if it is of another type. */
function convert(type: ParameterType, value: Value): ScriptValue | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'int':
      return typeof value === 'bigint' ? value : undefined;
    case 'float':
      return typeof value === 'number' ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'duration':
      return value instanceof DurationValue ? value.ns : undefined;
    case 'lambda':
    case 'regex':
      return isPlain(value) && value.kind === type ? value : undefined;
    case 'node':
      return value instanceof NodeHandle || value instanceof HandlerHandle ? toScriptValue(value) : undefined;
    case 'any':
      return toScriptValue(value);
  }
}

type Plain = Extract<ScriptValue, { readonly kind: string }>;

function isPlain(value: Value): value is Plain {
  return typeof value === 'object' && !isList(value) && 'kind' in value;
}

function goTypeOfParameter(type: ParameterType, syntax: SyntaxNames): string {
  return type === 'lambda' ? `*${syntax}.LambdaNode` : goParameterTypes[type];
}

/** The one mistake everybody makes has a text of its own, whatever is called. It is no fault of the call. */
export class DoubleQuotesFault extends Error {}

function refuseReference(type: ParameterType, value: Value, syntax: SyntaxNames): void {
  if (type === 'string' && isPlain(value) && value.kind === 'reference') {
    throw new DoubleQuotesFault(
      `cannot assign ${goTypeOfValue(value, syntax)} to type string, did you use double quotes instead of single quotes?`,
    );
  }
}

/** One value per parameter: a list for a variadic one, undefined for one left out. Throws CallFault. */
export function bindArguments(
  parameters: readonly Parameter[],
  args: readonly Value[],
  syntax: SyntaxNames,
): (ScriptValue | undefined)[] {
  const required = parameters.filter((parameter) => !parameter.optional && !parameter.variadic).length;
  const variadic = parameters.at(-1)?.variadic === true;
  if (args.length < required) throw new CallFault('reflect: Call with too few input arguments');
  if (!variadic && args.length > parameters.length) throw new CallFault('reflect: Call with too many input arguments');

  const one = (parameter: Parameter, value: Value): ScriptValue => {
    const converted = convert(parameter.type, value);
    if (converted !== undefined) return converted;
    refuseReference(parameter.type, value, syntax);
    const got = goTypeOfValue(value, syntax);
    const wanted = goTypeOfParameter(parameter.type, syntax);
    throw new CallFault(
      parameter.optional || parameter.variadic
        ? `reflect: cannot use ${got} as type ${wanted} in Call`
        : `reflect: Call using ${got} as type ${wanted}`,
    );
  };
  return parameters.map((parameter, i) => {
    if (parameter.variadic) return args.slice(i).map((value) => one(parameter, value));
    const value = args[i];
    return value === undefined ? undefined : one(parameter, value);
  });
}

/** The option's value after the property was called. Throws CallFault. */
export function callProperty(
  property: Property,
  current: unknown,
  args: readonly Value[],
  syntax: SyntaxNames,
): unknown {
  const bound =
    property.kind === 'method'
      ? bindArguments(property.parameters, args, syntax)
      : [convertForField(property.parameters[0]!.type, args[0]!, syntax)];
  // A parameter that was left out is undefined, which `apply` knows from its own declaration.
  return inDefinition(() => property.apply(current, bound as ScriptValue[]));
}

function convertForField(type: ParameterType, value: Value, syntax: SyntaxNames): ScriptValue {
  const converted = convert(type, value);
  if (converted !== undefined) return converted;
  refuseReference(type, value, syntax);
  throw new CallFault(
    `reflect.Set: value of type ${goTypeOfValue(value, syntax)} is not assignable to type ${goTypeOfParameter(type, syntax)}`,
  );
}

/** Runs code of a definition: what it refuses is the fault of the call. */
export function inDefinition<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof DefinitionError) throw new CallFault(error.message);
    throw error;
  }
}
