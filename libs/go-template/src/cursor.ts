import { TemplateError } from './error';
import { type Item, type ItemKind, scan } from './lexer';

/** A place among the items of a template. */
export class Cursor {
  protected readonly items: readonly Item[];
  protected next = 0;

  constructor(
    protected readonly name: string,
    private readonly source: string,
  ) {
    this.items = scan(source);
  }

  protected take(): Item {
    const item = this.items[this.next]!;
    if (item.kind !== 'EOF' && item.kind !== 'error') this.next++;
    return item;
  }

  /** Undoes the last take. */
  protected back(item: Item): void {
    if (item.kind !== 'EOF' && item.kind !== 'error') this.next--;
  }

  protected skipSpace(): void {
    while (this.items[this.next]!.kind === 'space') this.next++;
  }

  protected takeNonSpace(): Item {
    this.skipSpace();
    return this.take();
  }

  protected peekNonSpace(): Item {
    let at = this.next;
    while (this.items[at]!.kind === 'space') at++;
    return this.items[at]!;
  }

  protected expect(kind: ItemKind, context: string): void {
    const item = this.takeNonSpace();
    if (item.kind !== kind) throw this.unexpected(item, context);
  }

  protected unexpected(item: Item, context: string): TemplateError {
    if (item.kind === 'error') return this.error(item.text, item.at);
    return this.error(`unexpected ${describe(item)} in ${context}`, item.at);
  }

  protected error(message: string, at = this.items[Math.max(this.next - 1, 0)]!.at): TemplateError {
    const line = this.source.slice(0, at).split('\n').length;
    return new TemplateError(`template: ${this.name}:${line}: ${message}`);
  }
}

function describe({ kind, text }: Item): string {
  if (kind === 'EOF') return 'EOF';
  if (kind === 'keyword') return `<${text}>`;
  const characters = [...text];
  return characters.length > 10 ? `${JSON.stringify(characters.slice(0, 10).join(''))}...` : JSON.stringify(text);
}
