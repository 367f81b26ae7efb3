/** Lets so many do something at a time; the others wait in the order in which they came. */
export class Permits {
  private readonly line: (() => void)[] = [];

  constructor(private free: number) {}

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.line.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.line.shift();
      if (next === undefined) this.free++;
      else next();
    }
  }
}
