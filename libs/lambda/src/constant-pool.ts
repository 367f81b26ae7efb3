/** What generated code refers to by number: names, literals, functions, errors. Equal ones are kept once. */
export class ConstantPool {
  readonly values: unknown[] = [];
  private readonly names = new Map<unknown, string>();

  /** The variable of generated code that holds the value. */
  nameOf(value: unknown): string {
    const key = keyOf(value);
    let name = this.names.get(key);
    if (name === undefined) {
      name = `c${this.values.length}`;
      this.values.push(value);
      this.names.set(key, name);
    }
    return name;
  }

  /** The statement that takes them out of the list `constants`. */
  get declaration(): string {
    const variables = this.values.map((_, i) => `c${i} = constants[${i}]`);
    return variables.length > 0 ? `const ${variables.join(', ')};` : '';
  }
}

/** To a map 0 and -0 are the same key, which they must not be here. */
function keyOf(value: unknown): unknown {
  return Object.is(value, -0) ? ConstantPool : value;
}
