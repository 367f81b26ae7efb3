import type { Escaper } from './html/escapers';
import { type Evaluate, ExpressionCompiler } from './evaluate';
import type { Execution } from './execution';
import type { FunctionTable } from './functions';
import type { ActionNode, BranchNode, Node, TemplateNode, Tree } from './nodes';
import { text } from './print';
import { entryOf, goInt, isList, isMap, isTrue, sortedKeys, type TemplateValue } from './value';

/** How a node ended: whether the innermost range goes on. */
type Outcome = 'done' | 'break' | 'continue';
type Run = (execution: Execution, dot: TemplateValue) => Outcome;

/** Trees as the contextual escaping leaves them. */
export interface TreeSet {
  readonly trees: ReadonlyMap<string, Tree>;
  /** What the value of an action goes through before it is printed; without an entry it is printed as it is. */
  readonly escapers?: ReadonlyMap<ActionNode, readonly Escaper[]>;
}

interface Compiled {
  readonly run: Run;
  readonly slots: number;
}

/** Makes the templates of a set runnable; gives the one of the name. */
export function compile(
  set: TreeSet,
  name: string,
  functions: FunctionTable,
): (execution: Execution, data: TemplateValue) => void {
  const compiler = new TreeCompiler(set, new ExpressionCompiler(functions));
  return (execution, data) => compiler.execute(name, execution, data);
}

class TreeCompiler {
  private readonly compiled = new Map<string, Compiled>();

  constructor(
    private readonly set: TreeSet,
    private readonly expressions: ExpressionCompiler,
  ) {
    for (const [name, { nodes, slots }] of set.trees) this.compiled.set(name, { run: this.list(nodes), slots });
  }

  execute(name: string, execution: Execution, data: TemplateValue): void {
    const { run, slots } = this.compiled.get(name)!;
    const { variables, running } = execution;
    execution.variables = new Array<TemplateValue>(slots);
    execution.variables[0] = data;
    execution.running = name;
    run(execution, data);
    execution.variables = variables;
    execution.running = running;
  }

  private list(nodes: readonly Node[]): Run {
    const runs = nodes.map((node) => this.node(node));
    const [only] = runs;
    if (runs.length === 1) return only!;
    return (execution, dot) => {
      for (let i = 0; i < runs.length; i++) {
        const outcome = runs[i]!(execution, dot);
        if (outcome !== 'done') return outcome;
      }
      return 'done';
    };
  }

  private node(node: Node): Run {
    switch (node.type) {
      case 'text':
        return (execution) => {
          execution.write(node.text);
          return 'done';
        };
      case 'action':
        return this.action(node);
      case 'template':
        return this.invocation(node);
      case 'range':
        return this.range(node);
      case 'if':
      case 'with':
        return this.branch(node);
      case 'break':
      case 'continue':
        return () => node.type;
    }
  }

  private action(node: ActionNode): Run {
    const value = this.expressions.pipe(node.pipe);
    if (node.pipe.variables.length > 0) {
      return (execution, dot) => {
        value(execution, dot);
        return 'done';
      };
    }
    const escapers = this.set.escapers?.get(node);
    if (escapers === undefined) {
      return (execution, dot) => {
        const result = value(execution, dot);
        execution.at = node;
        execution.write(result == null ? '<no value>' : text(result));
        return 'done';
      };
    }
    return (execution, dot) => {
      let result = value(execution, dot);
      for (const { name, escape } of escapers) {
        try {
          result = escape(result);
        } catch (error) {
          throw execution.errorOf(node.pipe, name, error);
        }
      }
      execution.at = node;
      execution.write(String(result));
      return 'done';
    };
  }

  private branch(node: BranchNode): Run {
    const value = this.expressions.pipe(node.pipe);
    const list = this.list(node.list);
    const elseList = this.list(node.elseList);
    const rebinds = node.type === 'with';
    return (execution, dot) => {
      const result = value(execution, dot);
      if (!isTrue(result)) return elseList(execution, dot);
      return list(execution, rebinds ? result : dot);
    };
  }

  private range(node: BranchNode): Run {
    const { variables, assigns } = node.pipe;
    const value = this.expressions.pipe({ ...node.pipe, variables: [] });
    const list = this.list(node.list);
    const elseList = this.list(node.elseList);
    const [first, second] = variables;
    // With two variables the first is the index.
    const keySlot = second === undefined ? undefined : first!.slot;
    const valueSlot = second === undefined ? first?.slot : second.slot;
    const unknown = assigns ? variables.find(({ slot }) => slot === -1) : undefined;
    const once = (execution: Execution, key: TemplateValue, element: TemplateValue): boolean => {
      execution.step();
      if (keySlot !== undefined) execution.variables[keySlot] = key;
      if (valueSlot !== undefined) execution.variables[valueSlot] = element;
      return list(execution, element) !== 'break';
    };
    return (execution, dot) => {
      const over = value(execution, dot);
      if (unknown !== undefined) throw execution.error(`undefined variable: ${unknown.name}`);
      const count = iterate(execution, over, once);
      return count === 0 ? elseList(execution, dot) : 'done';
    };
  }

  private invocation(node: TemplateNode): Run {
    const argument: Evaluate = node.pipe === undefined ? () => undefined : this.expressions.pipe(node.pipe);
    return (execution, dot) => {
      execution.at = node;
      if (!this.compiled.has(node.name)) throw execution.error(`template ${JSON.stringify(node.name)} not defined`);
      const data = argument(execution, dot);
      execution.enter();
      this.execute(node.name, execution, data);
      execution.depth--;
      return 'done';
    };
  }
}

/** Goes over a list or, in the order of its keys, a map, as long as `once` says so. Gives how many elements there were. */
function iterate(
  execution: Execution,
  over: TemplateValue,
  once: (execution: Execution, key: TemplateValue, element: TemplateValue) => boolean,
): number {
  if (over == null) return 0;
  if (isList(over)) {
    for (let i = 0; i < over.length; i++) if (!once(execution, goInt(BigInt(i)), over[i])) break;
    return over.length;
  }
  if (isMap(over)) {
    const keys = sortedKeys(over);
    for (const key of keys) if (!once(execution, key, entryOf(over, key))) break;
    return keys.length;
  }
  throw execution.error(`range can't iterate over ${text(over)}`);
}
