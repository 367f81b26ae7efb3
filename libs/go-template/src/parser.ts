import { Cursor } from './cursor';
import { type Item, type ItemKind, startsOperand } from './lexer';
import { numberOf, unquote } from './literal';
import type { BranchNode, CommandNode, Node, OperandNode, PipeNode, TemplateNode, Tree, VariableNode } from './nodes';

/** How deep blocks and parentheses may nest. */
const MAX_NESTING = 500;

/** What ends a list of nodes. */
type Terminator = 'end' | 'else' | 'EOF';

/** Reads a template and those that it defines, by name; its own is among them. */
export function parseTrees(name: string, source: string, functions: ReadonlySet<string>): Map<string, Tree> {
  return new Parser(name, source, functions).parse();
}

class Parser extends Cursor {
  private readonly trees = new Map<string, Tree>();
  private depth = 0;
  private ranges = 0;
  /** Names in scope; the place of each is its slot. */
  private variables: string[] = ['$'];
  private slots = 1;

  constructor(
    name: string,
    source: string,
    private readonly functions: ReadonlySet<string>,
  ) {
    super(name, source);
  }

  parse(): Map<string, Tree> {
    const { nodes, end } = this.list(true);
    if (end !== 'EOF') throw this.error(`unexpected {{${end}}}`);
    this.define(this.name, { nodes, slots: this.slots });
    return this.trees;
  }

  private define(name: string, tree: Tree): void {
    const known = this.trees.get(name);
    const isEmpty = (nodes: readonly Node[]) => nodes.every((node) => node.type === 'text' && node.text.trim() === '');
    if (known === undefined || isEmpty(known.nodes)) this.trees.set(name, tree);
    else if (!isEmpty(tree.nodes))
      throw this.error(`template: multiple definition of template ${JSON.stringify(name)}`);
  }

  private list(top: boolean): { nodes: Node[]; end: Terminator } {
    const nodes: Node[] = [];
    for (;;) {
      const item = this.take();
      switch (item.kind) {
        case 'EOF':
          if (!top) throw this.error('unexpected EOF', item.at);
          return { nodes, end: 'EOF' };
        case 'text':
          nodes.push({ type: 'text', text: item.text, at: item.at });
          break;
        case 'leftDelim': {
          const node = this.action(top);
          if (node === 'end' || node === 'else') return { nodes, end: node };
          if (node !== undefined) nodes.push(node);
          break;
        }
        default:
          throw this.unexpected(item, 'input');
      }
    }
  }

  private action(top: boolean): Node | 'end' | 'else' | undefined {
    const item = this.takeNonSpace();
    if (item.kind !== 'keyword') {
      this.back(item);
      return { type: 'action', at: item.at, pipe: this.pipeline('command', 'rightDelim') };
    }
    switch (item.text) {
      case 'if':
      case 'with':
      case 'range':
        return this.branch(item.text, item.at);
      case 'end':
        this.expect('rightDelim', 'end');
        return 'end';
      case 'else': {
        // `{{else if}}` leaves its keyword to the branch that it continues.
        const following = this.peekNonSpace();
        const goesOn = following.kind === 'keyword' && (following.text === 'if' || following.text === 'with');
        if (!goesOn) this.expect('rightDelim', 'else');
        return 'else';
      }
      case 'template':
        return this.invocation();
      case 'block':
        return this.block();
      case 'define':
        if (!top) throw this.unexpected(item, 'command');
        this.definition();
        return undefined;
      default:
        return this.jump(item);
    }
  }

  private jump(item: Item): Node {
    const type = item.text === 'break' ? 'break' : 'continue';
    const token = this.takeNonSpace();
    if (token.kind !== 'rightDelim') throw this.unexpected(token, `{{${type}}}`);
    if (this.ranges === 0) throw this.error(`{{${type}}} outside {{range}}`);
    return { type, at: item.at };
  }

  private branch(type: BranchNode['type'], at: number): BranchNode {
    this.enter();
    const scope = this.variables.length;
    if (type === 'range') this.ranges++;
    const pipe = this.pipeline(type, 'rightDelim');
    const { nodes: list, end } = this.list(false);
    if (type === 'range') this.ranges--;
    const elseList = end === 'else' ? this.elseList(type) : [];
    this.variables.length = scope;
    this.depth--;
    return { type, at, pipe, list, elseList };
  }

  private elseList(type: BranchNode['type']): readonly Node[] {
    const last = this.items[this.next - 1]!;
    if (last.kind === 'keyword') {
      // `{{else if}}`: one end for both.
      const item = this.takeNonSpace();
      if (item.text !== type || type === 'range') throw this.unexpected(item, 'else');
      return [this.branch(type, item.at)];
    }
    const { nodes, end } = this.list(false);
    if (end !== 'end') throw this.error(`expected end; found {{${end}}}`);
    return nodes;
  }

  private templateName(context: string): { name: string; at: number } {
    const item = this.takeNonSpace();
    if (item.kind !== 'string' && item.kind !== 'rawString') throw this.unexpected(item, context);
    return { name: this.unquoted(item), at: item.at };
  }

  private invocation(): TemplateNode {
    const { name, at } = this.templateName('template clause');
    if (this.peekNonSpace().kind === 'rightDelim') {
      this.takeNonSpace();
      return { type: 'template', at, name, pipe: undefined };
    }
    return { type: 'template', at, name, pipe: this.pipeline('template clause', 'rightDelim') };
  }

  private block(): TemplateNode {
    const { name, at } = this.templateName('block clause');
    const pipe = this.pipeline('block clause', 'rightDelim');
    this.body(name, 'block clause');
    return { type: 'template', at, name, pipe };
  }

  private definition(): void {
    const { name } = this.templateName('define clause');
    this.expect('rightDelim', 'define clause');
    this.body(name, 'define clause');
  }

  /** The body of a template of its own: it sees no variable but `$`. */
  private body(name: string, context: string): void {
    this.enter();
    const { variables, slots, ranges } = this;
    this.variables = ['$'];
    this.slots = 1;
    this.ranges = 0;
    const { nodes, end } = this.list(false);
    if (end !== 'end') throw this.error(`unexpected {{${end}}} in ${context}`);
    this.define(name, { nodes, slots: this.slots });
    this.variables = variables;
    this.slots = slots;
    this.ranges = ranges;
    this.depth--;
  }

  private pipeline(context: string, end: ItemKind): PipeNode {
    const { at } = this.peekNonSpace();
    const { variables, assigns } = this.declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const item = this.takeNonSpace();
      if (item.kind === end) break;
      if (!startsOperand(item.kind)) throw this.unexpected(item, context);
      this.back(item);
      commands.push(this.command());
    }
    if (commands.length === 0) throw this.error(`missing value for ${context}`);
    commands.forEach(({ args }, i) => {
      if (i > 0 && ['bool', 'dot', 'nil', 'number', 'string'].includes(args[0]!.type)) {
        throw this.error(`non executable command in pipeline stage ${i + 1}`);
      }
    });
    const [first, second] = variables;
    // Declared only now: the value does not see them.
    const declared = [first, second].filter((item) => item !== undefined).map((item) => this.declare(item, assigns));
    return { type: 'pipe', at, variables: declared, assigns, commands };
  }

  /** `$x :=`, `$x =`, and in a range `$i, $x :=`. */
  private declarations(context: string): { variables: Item[]; assigns: boolean } {
    const variables: Item[] = [];
    for (;;) {
      const variable = this.peekNonSpace();
      if (variable.kind !== 'variable') return { variables, assigns: false };
      const before = this.next;
      this.takeNonSpace();
      const following = this.peekNonSpace();
      if (following.kind === 'assign' || following.kind === 'declare') {
        this.takeNonSpace();
        return { variables: [...variables, variable], assigns: following.kind === 'assign' };
      }
      if (following.kind !== 'character' || following.text !== ',') {
        this.next = before;
        return { variables, assigns: false };
      }
      this.takeNonSpace();
      variables.push(variable);
      if (context !== 'range' || variables.length > 1) throw this.error(`too many declarations in ${context}`);
      if (this.peekNonSpace().kind !== 'variable') throw this.error('range can only initialize variables');
    }
  }

  private declare(item: Item, assigns: boolean): VariableNode {
    const name = item.text;
    if (assigns) return { type: 'variable', at: item.at, name, slot: this.variables.lastIndexOf(name), fields: [] };
    const slot = this.variables.push(name) - 1;
    this.slots = Math.max(this.slots, slot + 1);
    return { type: 'variable', at: item.at, name, slot, fields: [] };
  }

  private command(): CommandNode {
    const args: OperandNode[] = [];
    const { at } = this.peekNonSpace();
    for (;;) {
      this.skipSpace();
      const operand = this.operand();
      if (operand !== undefined) args.push(operand);
      const item = this.take();
      if (item.kind === 'space') continue;
      if (item.kind === 'rightDelim' || item.kind === 'rightParen') this.back(item);
      else if (item.kind !== 'pipe') throw this.unexpected(item, 'operand');
      if (args.length === 0) throw this.error('empty command');
      return { type: 'command', at, args };
    }
  }

  /** A term and the fields behind it. */
  private operand(): OperandNode | undefined {
    const term = this.term();
    const { at, kind } = this.items[this.next]!;
    if (term === undefined || kind !== 'field') return term;
    const fields: string[] = [];
    while (this.items[this.next]!.kind === 'field') fields.push(this.take().text.slice(1));
    switch (term.type) {
      case 'field':
        return { ...term, at, names: [...term.names, ...fields] };
      case 'variable':
        return { ...term, at, fields };
      case 'pipe':
      case 'identifier':
        return { type: 'chain', at, node: term, fields };
      default:
        throw this.error(`unexpected . after term ${JSON.stringify('source' in term ? term.source : '.')}`);
    }
  }

  private term(): OperandNode | undefined {
    const item = this.takeNonSpace();
    const { at, text } = item;
    switch (item.kind) {
      case 'identifier':
        if (!this.functions.has(text)) throw this.error(`function ${JSON.stringify(text)} not defined`);
        return { type: 'identifier', at, name: text };
      case 'dot':
      case 'nil':
        return { type: item.kind, at };
      case 'variable': {
        const slot = this.variables.lastIndexOf(text);
        if (slot === -1) throw this.error(`undefined variable ${JSON.stringify(text)}`);
        return { type: 'variable', at, name: text, slot, fields: [] };
      }
      case 'field':
        return { type: 'field', at, names: [text.slice(1)] };
      case 'bool':
        return { type: 'bool', at, source: text, value: text === 'true' };
      case 'char':
      case 'number':
        return this.numberTerm(item);
      case 'string':
      case 'rawString':
        return { type: 'string', at, source: text, value: this.unquoted(item) };
      case 'leftParen': {
        this.enter();
        const pipe = this.pipeline('parenthesized pipeline', 'rightParen');
        this.depth--;
        return pipe;
      }
      default:
        this.back(item);
        return undefined;
    }
  }

  private numberTerm({ kind, text, at }: Item): OperandNode {
    if (kind === 'char') {
      const character = unquote(text);
      const code = character === undefined || [...character].length !== 1 ? undefined : character.codePointAt(0);
      if (code === undefined) throw this.error(`malformed character constant: ${text}`);
      return { type: 'number', at, source: text, value: this.number(String(code)) };
    }
    return { type: 'number', at, source: text, value: this.number(text) };
  }

  private number(text: string) {
    const result = numberOf(text);
    if ('problem' in result) throw this.error(result.problem);
    return result.value;
  }

  private unquoted(item: Item): string {
    const text = unquote(item.text);
    if (text === undefined) throw this.error('invalid syntax');
    return text;
  }

  private enter(): void {
    if (++this.depth > MAX_NESTING) throw this.error(`blocks and parentheses nest deeper than ${MAX_NESTING} levels`);
  }
}
