import { DurationValue } from '@supercap/data-model';
import {
  type Declaration,
  formatExpression,
  type Lambda,
  literal,
  ParseError,
  parseLambda,
  type Position,
  regexProblem,
  type TypeDeclaration,
} from '@supercap/tickscript';
import { asWritten, ScriptError } from './errors';
import { isList, type Value } from './values';
import { type Var, type Vars, type VarType, varTypes } from './vars';

/** The vars of one script: what it declares, and what was supplied in its place. */
export class DeclaredVars {
  private readonly supplied = new Map<string, Value>();
  private readonly declaredVars: Record<string, Var> = Object.create(null) as Record<string, Var>;

  /** Throws ScriptError if a supplied lambda or regex cannot be read. */
  constructor(
    vars: Vars,
    /** A template: typed vars may go without a value. */
    private readonly template: boolean,
  ) {
    for (const [name, supplied] of Object.entries(vars)) {
      const value = valueOf(name, supplied);
      if (value !== undefined) this.supplied.set(name, value);
    }
  }

  /** The vars that could be supplied, with the values that the script itself gives them. */
  get declared(): Vars {
    return this.declaredVars;
  }

  /** The value that the var gets: the supplied one or its own. */
  declare({ name, comment }: Declaration, own: Value): Value {
    const type = varTypeOf(own);
    if (!type) return own;
    this.declaredVars[name.name] = describe(type, own, descriptionOf(comment));
    const supplied = this.supplied.get(name.name);
    if (supplied === undefined) return own;
    mustBe(type, supplied, name.name, name.position);
    return supplied;
  }

  declareTyped({ name, type: { name: typeName, position }, comment }: TypeDeclaration): Value {
    const type = varTypes.find((known) => known === typeName);
    if (!type) {
      throw new ScriptError('evaluation', `invalid var type "${typeName}"`, {
        position,
        length: Buffer.byteLength(typeName),
        unknown: { name: typeName, candidates: asWritten(varTypes) },
      });
    }
    this.declaredVars[name.name] = describe(type, undefined, descriptionOf(comment));
    const supplied = this.supplied.get(name.name);
    if (supplied !== undefined) {
      mustBe(type, supplied, name.name, name.position);
      return supplied;
    }
    if (this.template) return zeroOf(type, name.position);
    throw new ScriptError('evaluation', `missing value for var "${name.name}".`, {
      position: name.position,
      length: Buffer.byteLength(name.name),
    });
  }
}

function mustBe(type: VarType, supplied: Value, name: string, position: Position): void {
  const got = varTypeOf(supplied);
  if (got === type) return;
  throw new ScriptError(
    'evaluation',
    `invalid type supplied for ${name}, got ${got === undefined ? 'invalid type' : typeName(got)} exp ${typeName(type)}`,
    { position, length: Buffer.byteLength(name) },
  );
}

function typeName(type: VarType): string {
  return type === 'bool' ? 'boolean' : type;
}

function descriptionOf(comment: Declaration['comment']): string {
  return comment ? comment.groups.map((lines) => lines.join('\n')).join('\n\n') : '';
}

/** The type under which a value can be supplied; undefined for nodes and the like. */
function varTypeOf(value: Value): VarType | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float';
    case 'string':
      return 'string';
  }
  if (value instanceof DurationValue) return 'duration';
  if (isList(value)) return 'list';
  if ('kind' in value && (value.kind === 'lambda' || value.kind === 'regex' || value.kind === 'star'))
    return value.kind;
  return undefined;
}

function describe(type: VarType, value: Value | undefined, description: string): Var {
  if (value === undefined) return { type, value: null, description } as Var;
  switch (type) {
    case 'duration':
      return { type, value: (value as DurationValue).ns, description };
    case 'lambda':
      return { type, value: formatExpression((value as Lambda).expression), description };
    case 'regex':
      return { type, value: (value as { pattern: string }).pattern, description };
    case 'star':
      return { type, value: { typeOf: 'star' }, description };
    case 'list': {
      const items = (value as readonly Value[]).flatMap((item) => {
        const itemType = varTypeOf(item);
        return itemType ? [describe(itemType, item, '')] : [];
      });
      return { type, value: items, description };
    }
    default:
      return { type, value, description } as Var;
  }
}

/** The value that was supplied; undefined for null, which says nothing. */
function valueOf(name: string, supplied: Var): Value | undefined {
  if (supplied.type === 'star') return { kind: 'star' };
  if (supplied.value === null) return undefined;
  switch (supplied.type) {
    case 'duration':
      return new DurationValue(supplied.value);
    case 'regex': {
      const problem = regexProblem(supplied.value);
      if (problem !== undefined) throw invalid(name, `invalid regex pattern: ${problem}`);
      return { kind: 'regex', pattern: supplied.value };
    }
    case 'lambda':
      try {
        return parseLambda(supplied.value);
      } catch (error) {
        if (error instanceof ParseError) throw invalid(name, `invalid lambda expression: ${error.message}`);
        throw error;
      }
    case 'list':
      return supplied.value.flatMap((item) => valueOf(name, item) ?? []);
    default:
      return supplied.value;
  }
}

function invalid(name: string, cause: string): ScriptError {
  return new ScriptError('evaluation', `invalid var ${name}: ${cause}`);
}

/** What a typed var without a value is in a template, so that its pipeline can be drawn. */
function zeroOf(type: VarType, position: Position): Value {
  switch (type) {
    case 'bool':
      return false;
    case 'int':
      return 0n;
    case 'float':
      return 0;
    case 'string':
      return '';
    case 'duration':
      return new DurationValue(0n);
    case 'list':
      return [];
    case 'star':
      return { kind: 'star' };
    case 'regex':
      return { kind: 'regex', pattern: '' };
    case 'lambda':
      return { kind: 'lambda', expression: literal.bool(false, position), position };
  }
}
