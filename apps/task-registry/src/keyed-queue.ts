/** Lets work on the same key happen one after the other, in the order in which it came; work on other keys does not wait. */
export class KeyedQueue {
  private readonly last = new Map<string, Promise<unknown>>();

  async run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const unique = [...new Set(keys)];
    const before = unique.map((key) => this.last.get(key));
    const result = Promise.allSettled(before).then(work);
    // The next in line waits for the end of this one, however it ends.
    const ended = result.catch(() => undefined);
    for (const key of unique) this.last.set(key, ended);
    try {
      return await result;
    } finally {
      for (const key of unique) if (this.last.get(key) === ended) this.last.delete(key);
    }
  }
}
