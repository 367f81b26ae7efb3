import { DurationValue, type FieldValue, formatDurationGo, TimeValue } from '@supercap/data-model';
import { compileLambda, evaluateConstant, LambdaError } from '@supercap/lambda';
import type {
  Call,
  Chain,
  Declaration,
  Expression,
  Identifier,
  Lambda,
  ListLiteral,
  Program,
  Statement,
  TypeDeclaration,
  Unary,
} from '@supercap/tickscript';
import { bindArguments } from './arguments';
import { capture, sizeOf, UnknowableUsed } from './capture';
import { arg, optionalArg } from './definition';
import { asWritten, CallFault, ScriptError } from './errors';
import { type Invoker, invoke, spread } from './invocation';
import { findMember, memberNames } from './members';
import { HandlerHandle, NodeHandle } from './node-handle';
import { Scope } from './scope';
import type { RegexValue } from './script-types';
import { Builtin, DeferredCall, goTypeOfValue, isLambda, isList, Unknowable, type Value } from './values';
import type { DeclaredVars } from './declared-vars';

export interface EvaluatorSettings extends Invoker {
  /** The source, under the name by which scripts know it. */
  readonly source: NodeHandle;
  /** Supplied values and the vars of the script. */
  readonly vars: DeclaredVars;
  /** A var may be given twice. */
  readonly reassignable: boolean;
  /**
   * Takes an error instead of its being thrown; the evaluation then goes on, and what depends on the failed part is not
   * told again.
   */
  readonly onError?: (error: ScriptError) => void;
  /** Tells of the constant parts of lambdas that cannot be evaluated. */
  readonly checkLambdas?: boolean;
}

export interface Dbrp {
  readonly db: string;
  readonly rp: string;
}

const STRING_LIMIT = 1_000_000;
/** Nodes of all lambdas that are used as arguments. */
const SIZE_LIMIT = 500_000;

const timeParameters = [
  arg('duration', 'Length of the intervals to group by.'),
  optionalArg('duration', 'Offset of their boundaries.'),
];

/** Walks a script and builds its graph. */
export class Evaluator {
  readonly scope = new Scope();
  readonly dbrps: Dbrp[] = [];
  /** What the last statement evaluated to, for completion. */
  last: Value | undefined;
  private size = 0;

  constructor(private readonly settings: EvaluatorSettings) {
    this.scope.set('time', new Builtin('time'));
    this.scope.set(settings.source.nodeKind, settings.source);
    if (settings.legacy) this.scope.set('influxql', new Builtin('influxql'));
  }

  run(program: Program): void {
    for (const statement of program.statements) this.recovering(() => this.statement(statement), undefined);
  }

  /** With `onError`, an error is told and `instead` is the result. */
  private recovering<T>(run: () => T, instead: T): T {
    const { onError } = this.settings;
    if (!onError) return run();
    try {
      return run();
    } catch (error) {
      if (error instanceof ScriptError) onError(error);
      else if (!(error instanceof UnknowableUsed)) throw error;
      return instead;
    }
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case 'declaration':
        return this.declare(statement);
      case 'typeDeclaration':
        return this.declareTyped(statement);
      case 'dbrp':
        this.dbrps.push({ db: statement.db.name, rp: statement.rp.name });
        return;
      case 'identifier':
        // Names are looked up when they are used; a bare name does nothing.
        this.last = this.scope.has(statement.name) ? this.scope.get(statement.name, statement.position) : undefined;
        return;
      default:
        this.last = this.argument(statement);
    }
  }

  private declare(statement: Declaration): void {
    const name = statement.name.name;
    const value = this.recovering<Value>(() => this.value(statement.value), new Unknowable());
    this.mustBeNew(statement.name);
    this.last = this.recovering(() => this.settings.vars.declare(statement, value), value);
    this.scope.set(name, this.last);
  }

  private declareTyped(statement: TypeDeclaration): void {
    this.mustBeNew(statement.name);
    const value = this.recovering<Value>(() => this.settings.vars.declareTyped(statement), new Unknowable());
    this.scope.set(statement.name.name, value);
  }

  private mustBeNew({ name, position }: Identifier): void {
    if (!this.settings.reassignable && this.scope.has(name)) {
      throw new ScriptError('evaluation', `attempted to redefine ${name}, vars are immutable`, {
        position,
        length: Buffer.byteLength(name),
      });
    }
  }

  /** The value for use as an argument: calls without an object run now. */
  private argument(expression: Expression): Value {
    const value = this.value(expression);
    if (value instanceof DeferredCall) return value.run();
    if (isLambda(value)) this.weigh(value);
    return value;
  }

  /** A lambda var counts each time it is used, since each use is written into the pipeline. */
  private weigh(lambda: Lambda): void {
    this.size += sizeOf(lambda);
    if (this.size > SIZE_LIMIT) {
      throw new ScriptError('evaluation', 'the lambdas of the script are too large together', {
        position: lambda.position,
      });
    }
  }

  private value(expression: Expression): Value {
    switch (expression.kind) {
      case 'number':
      case 'string':
      case 'bool':
        return expression.value;
      case 'duration':
        return new DurationValue(expression.ns);
      case 'regex':
        return { kind: 'regex', pattern: expression.pattern };
      case 'star':
        return { kind: 'star' };
      case 'reference':
        return { kind: 'reference', name: expression.name };
      case 'identifier':
        return this.scope.get(expression.name, expression.position);
      case 'list':
        return this.list(expression);
      case 'lambda':
        return this.lambda(expression);
      case 'unary':
        return this.unary(expression);
      case 'binary':
        return this.constant(expression);
      case 'call':
        return this.globalCall(expression);
      case 'chain':
        return this.chain(expression);
    }
  }

  private captured<E extends Expression>(expression: E): E {
    return capture(expression, ({ name, position }) => this.scope.get(name, position), this.settings.syntax);
  }

  private lambda(expression: Lambda): Lambda {
    const lambda = this.captured(expression);
    // A task tells this when it starts, with the name of its node; whoever asks for diagnostics can know it now.
    if (this.settings.checkLambdas) {
      this.recovering(() => {
        try {
          compileLambda(lambda);
        } catch (error) {
          if (!(error instanceof LambdaError)) throw error;
          throw new ScriptError('evaluation', error.message, { position: expression.position });
        }
      }, undefined);
    }
    return lambda;
  }

  private list({ items }: ListLiteral): Value {
    return items.map((item) => {
      const value = this.value(item);
      if (isList(value)) throw new ScriptError('evaluation', 'a list cannot hold a list', { position: item.position });
      return value;
    });
  }

  private constant(expression: Expression): Value {
    const captured = this.captured(expression);
    const { position } = expression;
    let value: FieldValue | RegexValue;
    try {
      value = evaluateConstant(captured);
    } catch (error) {
      if (!(error instanceof LambdaError)) throw error;
      throw new ScriptError('evaluation', error.message, { position });
    }
    if (value === null || value instanceof TimeValue) {
      throw new ScriptError('evaluation', 'the expression has no value that a script can hold', { position });
    }
    // Strings that are joined can double with every statement.
    if (typeof value === 'string' && value.length > STRING_LIMIT) {
      throw new ScriptError('evaluation', `the string becomes too long, it has more than ${STRING_LIMIT} characters`, {
        position,
      });
    }
    return value;
  }

  private unary({ operator, operand, position }: Unary): Value {
    const value = this.argument(operand);
    if (value instanceof Unknowable) return value;
    if (operator === '!') {
      if (typeof value === 'boolean') return !value;
    } else {
      if (typeof value === 'bigint') return BigInt.asIntN(64, -value);
      if (typeof value === 'number') return -value;
      if (value instanceof DurationValue) return new DurationValue(BigInt.asIntN(64, -value.ns));
    }
    // The misspelling is what clients know.
    throw new ScriptError('evaluation', `invalid arugument to '${operator}' ${textOf(value, this.settings)}`, {
      position,
      located: true,
    });
  }

  private globalCall(call: Call): Value {
    const args = spread(call.args.map((expression) => this.argument(expression)));
    return new DeferredCall(() => {
      if (args.some((value) => value instanceof Unknowable)) return new Unknowable();
      const fail = (text: string) => new ScriptError('evaluation', text, { position: call.position, located: true });
      if (call.name !== 'time') throw fail(`no global function "${call.name}" defined`);
      try {
        const [length, offset] = bindArguments(timeParameters, args, this.settings.syntax);
        return { kind: 'timeDimension', length: length as bigint, offset: (offset ?? 0n) as bigint };
      } catch (error) {
        if (error instanceof CallFault) throw fail(`error calling func "time" on obj <nil>: ${error.message}`);
        throw error;
      }
    });
  }

  private chain(chain: Chain): Value {
    // Chains grow to the left; walking them in a loop keeps long ones off the call stack.
    const links: Chain[] = [];
    let head: Expression = chain;
    while (head.kind === 'chain') {
      links.push(head);
      head = head.left;
    }
    const start = head;
    let object: Value | undefined;
    for (const { operator, right } of links.reverse()) {
      const before: Value | undefined = object;
      // What comes after a member that failed is told too, as far as it can be known.
      const afterFailure = () => (operator === '.' && before !== undefined ? before : new Unknowable());
      const args: readonly Value[] =
        right.kind === 'call'
          ? right.args.map((expression) => this.recovering(() => this.argument(expression), new Unknowable()))
          : [];
      const current: Value = before ?? this.recovering(() => this.value(start), new Unknowable());
      if (current instanceof Unknowable) object = current;
      else if (right.kind === 'identifier') object = this.recovering(() => this.read(current, right), new Unknowable());
      else object = this.recovering(() => invoke(this.settings, current, operator, right, args), afterFailure());
    }
    return object!;
  }

  /** `a.b` without a call: the value of a plain property. */
  private read(object: Value, { name, position }: Identifier): Value {
    if (object instanceof NodeHandle || object instanceof HandlerHandle) {
      const member = findMember(this.settings.catalog, object, name);
      if (member?.kind === 'property' && member.property.kind === 'value') {
        const value = member.holder.options[member.key];
        const type = member.property.parameters[0]?.type;
        const known =
          type === 'duration' && typeof value === 'bigint' ? new DurationValue(value) : (value as Value | undefined);
        if (known !== undefined) return known;
        if (type === 'string') return '';
      }
    }
    const candidates =
      object instanceof NodeHandle || object instanceof HandlerHandle
        ? memberNames(this.settings.catalog, object, '.', this.settings.udfs)
        : [];
    throw new ScriptError(
      'evaluation',
      `object ${goTypeOfValue(object, this.settings.syntax)} has no property ${name}`,
      {
        position,
        length: Buffer.byteLength(name),
        unknown: { name, candidates: asWritten(candidates) },
      },
    );
  }
}

/** A value in an error text, as Go prints it. */
function textOf(value: Value, settings: EvaluatorSettings): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
    case 'number':
      return String(value);
  }
  if (value instanceof DurationValue) return formatDurationGo(value.ns);
  if (isList(value)) return `[${value.map((item) => textOf(item, settings)).join(' ')}]`;
  if ('kind' in value && value.kind === 'regex') return value.pattern;
  return goTypeOfValue(value, settings.syntax);
}
