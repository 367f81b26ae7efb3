import { TemplateError } from '../error';
import type { TreeSet } from '../compile';
import {
  type ActionNode,
  type BranchNode,
  type CommandNode,
  type Node,
  sourceOf,
  type TemplateNode,
  type Tree,
} from '../nodes';
import { type Context, describeContext, isComment, join, nudge, sameContext, TEXT } from './context';
import { ESCAPERS, type Escaper, PREDEFINED } from './escapers';
import { escapeText } from './escape-text';

/** How many forms of templates there may be for different contexts, and how many nodes may be looked at in all. */
const MAX_DERIVED = 200;
const MAX_VISITS = 1_000_000;

type Place = (at: number) => string;

/**
 * Decides for every action what its value must go through where it stands, as html/template does. Throws a
 * TemplateError for a template whose actions cannot be placed.
 */
export function escapeTrees(trees: ReadonlyMap<string, Tree>, name: string, place: Place): TreeSet {
  return new TreeEscaper(trees, name, place).run();
}

class TreeEscaper {
  private readonly escaped = new Map<string, Tree>();
  private readonly escapers = new Map<ActionNode, readonly Escaper[]>();
  /** The contexts in which the ranges around are left or begun anew, the innermost last. */
  private readonly jumps: Context[][] = [];
  private visits = 0;
  /** The context behind a tree, by its name for the context before it. */
  private readonly outcomes = new Map<string, Context>();

  constructor(
    private readonly trees: ReadonlyMap<string, Tree>,
    private readonly name: string,
    private readonly place: Place,
  ) {}

  run(): TreeSet {
    const [end] = this.template(this.name, TEXT);
    if (end.state === 'stateError') throw new TemplateError(`html/template:${this.name}: ${end.problem}`);
    if (end.state !== 'stateText') {
      throw new TemplateError(`html/template:${this.name}: ends in a non-text context: ${describeContext(end)}`);
    }
    return { trees: this.escaped, escapers: this.escapers };
  }

  /** A template where it is called: the context behind it, and the name of its form for the context before it. */
  private template(name: string, context: Context): [Context, string] {
    const tree = this.trees.get(name);
    const derived = context.state === 'stateText' ? name : `${name}$htmltemplate_${describeContext(context)}`;
    if (tree === undefined) return [context, name];
    const known = this.outcomes.get(derived);
    if (known !== undefined) return [known, derived];
    if (this.outcomes.size > MAX_DERIVED)
      throw new TemplateError(`html/template:${this.name}: more than ${MAX_DERIVED} contexts of templates`);
    // A template that calls itself is taken to end as it began, then as it did end.
    let outcome = context;
    for (let attempt = 0; attempt < 2; attempt++) {
      this.outcomes.set(derived, outcome);
      const [end, nodes] = this.list(context, tree.nodes);
      this.escaped.set(derived, { ...tree, nodes });
      if (sameContext(end, outcome) || attempt === 1) return [end, derived];
      outcome = end;
    }
    return [outcome, derived];
  }

  private list(context: Context, nodes: readonly Node[]): [Context, Node[]] {
    const out: Node[] = [];
    let current = context;
    for (const node of nodes) {
      if (++this.visits > MAX_VISITS) throw this.error(node.at, 'too many contexts');
      const [next, escaped] = this.node(current, node);
      if (next.state === 'stateError') throw this.error(node.at, next.problem!);
      current = next;
      out.push(escaped);
    }
    return [current, out];
  }

  private node(context: Context, node: Node): [Context, Node] {
    switch (node.type) {
      case 'text': {
        const [next, text] = escapeText(context, node.text);
        return [next, { ...node, text }];
      }
      case 'action':
        return this.action(context, node);
      case 'template':
        return this.invocation(context, node);
      case 'if':
      case 'with':
      case 'range':
        return this.branch(context, node);
      case 'break':
      case 'continue':
        this.jumps.at(-1)!.push(context);
        return [context, node];
    }
  }

  private invocation(context: Context, node: TemplateNode): [Context, Node] {
    const [next, name] = this.template(node.name, context);
    return [next, { ...node, name }];
  }

  private branch(context: Context, node: BranchNode): [Context, Node] {
    const isRange = node.type === 'range';
    if (isRange) this.jumps.push([]);
    const [afterList, list] = this.list(context, node.list);
    const again = isRange ? this.afterIterations(context, afterList, node) : afterList;
    const [afterElse, elseList] = this.list(context, node.elseList);
    return [this.joined(node, again, afterElse), { ...node, list, elseList }];
  }

  /** The body of a range may follow itself, and may be left anywhere. */
  private afterIterations(context: Context, afterList: Context, node: BranchNode): Context {
    let again = afterList;
    if (!sameContext(context, afterList)) again = this.joined(node, again, this.list(afterList, node.list)[0]);
    for (const jump of this.jumps.pop()!) again = this.joined(node, again, jump);
    return again;
  }

  private joined(node: BranchNode, a: Context, b: Context): Context {
    const context = join(a, b);
    if (context !== undefined) return context;
    const contexts = `${describeContext(a)}, ${describeContext(b)}`;
    throw this.error(node.at, `{{${node.type}}} branches end in different contexts: ${contexts}`);
  }

  private action(context: Context, node: ActionNode): [Context, Node] {
    if (node.pipe.variables.length > 0) return [context, node];
    const place = nudge(context);
    const [next, escapers] = this.escapersFor(place, node);
    const [pipe, own] = this.withoutPredefined(place, node);
    const replaced = own === undefined ? escapers : escapers.map((e) => (own.replaces.includes(e) ? own.escaper : e));
    // One that replaces none still does its work first.
    const all = own === undefined || replaced.some((e) => e === own.escaper) ? replaced : [own.escaper, ...replaced];
    const escaped: ActionNode = { ...node, pipe };
    this.escapers.set(escaped, all);
    return [next, escaped];
  }

  private escapersFor(context: Context, node: ActionNode): [Context, Escaper[]] {
    const [next, escapers] = this.escapersOfState(context, node);
    if (context.delim === 'delimSpaceOrTagEnd') escapers.push(ESCAPERS.unquoted);
    else if (context.delim !== 'delimNone') escapers.push(ESCAPERS.attribute);
    return [next, escapers];
  }

  private escapersOfState(context: Context, node: ActionNode): [Context, Escaper[]] {
    switch (context.state) {
      case 'stateText':
        return [context, [ESCAPERS.html]];
      case 'stateRCDATA':
        return [context, [ESCAPERS.rcdata]];
      case 'stateAttr':
        return [context, []];
      case 'stateTag':
      case 'stateAttrName':
        return [{ ...context, state: 'stateAttrName' }, [ESCAPERS.attributeName]];
      case 'stateURL':
      case 'stateCSSDqStr':
      case 'stateCSSSqStr':
      case 'stateCSSDqURL':
      case 'stateCSSSqURL':
      case 'stateCSSURL':
        return this.urlEscapers(context, node);
      case 'stateSrcset':
        return [context, [ESCAPERS.srcset]];
      case 'stateJS':
        // A slash after a value is a division.
        return [{ ...context, jsCtx: 'jsCtxDivOp' }, [ESCAPERS.jsValue]];
      case 'stateJSDqStr':
      case 'stateJSSqStr':
        return [context, [ESCAPERS.jsString]];
      case 'stateJSTmplLit':
        throw this.error(node.at, `${sourceOf(node)} appears in a JS template literal`);
      case 'stateJSRegexp':
        return [context, [ESCAPERS.jsRegex]];
      case 'stateCSS':
        return [context, [ESCAPERS.cssValue]];
      default:
        if (isComment(context.state)) return [context, [ESCAPERS.comment]];
        throw this.error(node.at, `unexpected state ${context.state}`);
    }
  }

  private urlEscapers(context: Context, node: ActionNode): [Context, Escaper[]] {
    const inCssString = context.state === 'stateCSSDqStr' || context.state === 'stateCSSSqStr';
    const normalizer = inCssString ? ESCAPERS.cssString : ESCAPERS.urlNormalizer;
    switch (context.urlPart) {
      case 'urlPartNone':
        return [{ ...context, urlPart: 'urlPartPreQuery' }, [ESCAPERS.urlFilter, normalizer]];
      case 'urlPartPreQuery':
        return [context, [normalizer]];
      case 'urlPartQueryOrFrag':
        return [context, [ESCAPERS.url]];
      default:
        throw this.error(node.at, `${sourceOf(node)} appears in an ambiguous context within a URL`);
    }
  }

  /** The pipeline without an `html` or `urlquery` at its end, and that one. Elsewhere they are refused. */
  private withoutPredefined(
    context: Context,
    { pipe, at }: ActionNode,
  ): [ActionNode['pipe'], (typeof PREDEFINED)[string] | undefined] {
    const last = pipe.commands.length - 1;
    pipe.commands.forEach(({ args: [first] }, i) => {
      if (first?.type !== 'identifier' || !Object.hasOwn(PREDEFINED, first.name)) return;
      const unquoted = context.state === 'stateAttr' && context.delim === 'delimSpaceOrTagEnd' && first.name === 'html';
      if (i < last || unquoted) throw this.error(at, `predefined escaper "${first.name}" disallowed in template`);
    });
    const { args } = pipe.commands[last]!;
    const [first, ...rest] = args;
    if (first?.type !== 'identifier' || !Object.hasOwn(PREDEFINED, first.name)) return [pipe, undefined];
    const own = PREDEFINED[first.name];
    if (last > 0 && rest.length === 0) return [{ ...pipe, commands: pipe.commands.slice(0, -1) }, own];
    // `html .A .B`: their text, escaped.
    const print: CommandNode = { ...pipe.commands[last]!, args: [{ ...first, name: 'print' }, ...rest] };
    return [{ ...pipe, commands: [...pipe.commands.slice(0, -1), print] }, own];
  }

  private error(at: number, message: string): TemplateError {
    return new TemplateError(`html/template:${this.name}:${this.place(at)}: ${message}`);
  }
}
