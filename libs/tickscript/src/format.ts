import type { Binary, Call, Chain, Comment, Expression, ListLiteral, Program, Statement } from './ast';
import { formatDurationLiteral, formatNumber, formatReference, formatRegex, formatString } from './format-literal';

const STEP = '    ';
/** Further in nothing is moved: the text of a deeply nested script would grow with the square of its length. */
const MAX_INDENT = 160;

function deeper(indent: string): string {
  return indent.length < MAX_INDENT ? indent + STEP : indent;
}

/** The canonical text of a script. */
export function format(program: Program): string {
  const printer = new Printer();
  program.statements.forEach((statement, i) => {
    if (i > 0) printer.write('\n');
    printer.statement(statement);
    printer.write('\n');
  });
  if (program.comment) {
    if (program.statements.length > 0) printer.write('\n');
    printer.comment(program.comment, '');
    printer.write('\n');
  }
  return printer.text;
}

/** The canonical text of an expression; what goes to further lines is indented by `indent` and more. */
export function formatExpression(expression: Expression, indent = ''): string {
  const printer = new Printer();
  printer.expression(expression, indent, false);
  return printer.text.trimStart();
}

class Printer {
  private readonly parts: string[] = [];
  private last = '';
  /** The part that is a regex or a star, if it is the last one. */
  private slashOrStar = -1;

  get text(): string {
    return this.parts.join('');
  }

  write(text: string): void {
    this.parts.push(text);
    const word = text.trim();
    if (word !== '') this.last = word;
  }

  comment({ groups }: Comment, indent: string): void {
    groups.forEach((lines, i) => {
      if (i > 0) this.write('\n');
      for (const line of lines) this.write(line === '' ? `${indent}//\n` : `${indent}// ${line}\n`);
    });
  }

  statement(statement: Statement): void {
    switch (statement.kind) {
      case 'declaration':
        this.begin(statement, '', true);
        this.write('var ');
        this.expression(statement.name, '', false);
        this.write(' = ');
        this.afterEquals(statement.value, '', false);
        break;
      case 'typeDeclaration':
        this.begin(statement, '', true);
        this.write('var ');
        this.expression(statement.name, '', false);
        this.write(' ');
        this.expression(statement.type, '', false);
        break;
      case 'dbrp':
        this.begin(statement, '', true);
        this.write('dbrp ');
        // Quotes within these names stay as they are, as they always did.
        this.begin(statement.db, '', false);
        this.write(`"${statement.db.name}".`);
        this.begin(statement.rp, '', false);
        this.write(`"${statement.rp.name}"`);
        break;
      default:
        this.expression(statement, '', true);
    }
  }

  expression(node: Expression, indent: string, onNewLine: boolean): void {
    switch (node.kind) {
      case 'chain':
        this.chain(node, indent, onNewLine);
        return;
      case 'binary':
        this.binary(node, indent, onNewLine);
        return;
      default:
        this.begin(node, indent, onNewLine);
        this.operand(node, indent);
    }
  }

  /** The comment in front of a node, and the indent if it starts a line. */
  private begin({ comment }: { readonly comment?: Comment }, indent: string, onNewLine: boolean): void {
    if (comment) {
      if (!onNewLine) this.write('\n');
      this.comment(comment, indent);
    }
    if (comment || onNewLine) this.write(indent);
  }

  private operand(node: Exclude<Expression, Chain | Binary>, indent: string): void {
    switch (node.kind) {
      case 'number':
        return this.write(formatNumber(node));
      case 'duration':
        return this.write(formatDurationLiteral(node));
      case 'bool':
        return this.write(node.value ? 'TRUE' : 'FALSE');
      case 'string':
        return this.write(formatString(node));
      case 'regex':
        return this.unlikeOperator(formatRegex(node.pattern));
      case 'star':
        return this.unlikeOperator('*');
      case 'reference':
        return this.write(formatReference(node.name));
      case 'identifier':
        return this.write(node.name);
      case 'list':
        return this.list(node, indent);
      case 'call':
        return this.call(node, indent);
      case 'unary':
        this.write(node.operator);
        return this.expression(node.operand, indent, false);
      case 'lambda':
        this.write('lambda: ');
        return this.expression(node.expression, indent, false);
    }
  }

  private list({ items }: ListLiteral, indent: string): void {
    this.write('[');
    items.forEach((item, i) => {
      if (i > 0) this.write(', ');
      this.expression(item, indent, false);
    });
    this.write(']');
  }

  private call({ name, args, multiLine }: Call, indent: string): void {
    const inner = deeper(indent);
    this.write(`${name}(`);
    if (multiLine) this.write('\n');
    args.forEach((argument, i) => {
      if (i > 0) this.write(multiLine ? ',\n' : ', ');
      this.expression(argument, inner, multiLine);
    });
    this.write(multiLine ? `\n${indent})` : ')');
  }

  /** Chains lean to the left, as long as the script: a loop, not a recursion. */
  private chain(outermost: Chain, indent: string, onNewLine: boolean): void {
    const links: Chain[] = [];
    let left: Expression = outermost;
    for (; left.kind === 'chain'; left = left.left) links.push(left);
    this.expression(left, indent, onNewLine);
    for (const { operator, right, comment } of links.reverse()) {
      const inner = operator === '.' ? deeper(deeper(indent)) : deeper(indent);
      this.write('\n');
      this.begin({ comment }, inner, true);
      this.write(operator);
      this.expression(right, inner, false);
    }
  }

  private binary(outermost: Binary, indent: string, onNewLine: boolean): void {
    const open: { node: Binary; indent: string }[] = [];
    let left: Expression = outermost;
    let at = indent;
    let fresh = onNewLine;
    for (; left.kind === 'binary'; left = left.left) {
      this.begin(left, at, fresh);
      fresh = false;
      if (left.parenthesised) {
        this.write('(');
        at = deeper(at);
      }
      open.push({ node: left, indent: at });
    }
    this.expression(left, at, fresh);
    for (const { node, indent: inner } of open.reverse()) {
      this.infix(node.operator, node.multiLine);
      const regexFollows = node.operator === '=~' || node.operator === '!~';
      if (regexFollows) this.afterEquals(node.right, inner, node.multiLine);
      else this.expression(node.right, inner, node.multiLine);
      if (node.parenthesised) this.write(')');
    }
  }

  /**
   * After `=`, `=~` and `!~` two slashes are no comment, but an empty regex. Within parentheses they are one, and the
   * parser drops those again unless they hold an operation.
   */
  private afterEquals(node: Expression, indent: string, onNewLine: boolean): void {
    if (!startsWithComment(node)) return this.expression(node, indent, onNewLine);
    this.write(onNewLine ? `${indent}(` : '(');
    this.expression(node.kind === 'binary' ? { ...node, parenthesised: false } : node, deeper(indent), false);
    this.write(')');
  }

  /** A regex or a star. After a keyword these characters are operators, unless in parentheses. */
  private unlikeOperator(text: string): void {
    const afterKeyword = this.last === 'lambda:' || this.last === 'AND' || this.last === 'OR';
    this.write(afterKeyword ? `(${text})` : text);
    if (!afterKeyword) this.slashOrStar = this.parts.length - 1;
  }

  /** Behind a regex or a star no other operator is seen than these three, unless a parenthesis closes in between. */
  private infix(operator: Binary['operator'], multiLine: boolean): void {
    const last = this.parts.length - 1;
    if (this.slashOrStar === last && operator !== 'AND' && operator !== 'OR' && operator !== '-') {
      this.parts[last] = `(${this.parts[last]})`;
    }
    this.write(multiLine ? ` ${operator}\n` : ` ${operator} `);
  }
}

function startsWithComment(node: Expression): boolean {
  let first = node;
  while ((first.kind === 'binary' && !first.parenthesised) || first.kind === 'chain') {
    if (first.kind === 'binary' && first.comment) return true;
    first = first.left;
  }
  return first.comment !== undefined;
}
