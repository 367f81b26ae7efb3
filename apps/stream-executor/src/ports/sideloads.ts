/** The sideload nodes that run here: all of them read their sources again at once, on request. */
export class Sideloads {
  private readonly reloads = new Set<() => Promise<void>>();

  readonly onReload = (reload: () => Promise<void>): (() => void) => {
    this.reloads.add(reload);
    return () => this.reloads.delete(reload);
  };

  /** Reads every source again. A node whose source cannot be read keeps what it had; the answer is the first such error, or ''. */
  async reload(): Promise<string> {
    const outcomes = await Promise.allSettled([...this.reloads].map((reload) => reload()));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed === undefined) return '';
    return failed.reason instanceof Error ? failed.reason.message : String(failed.reason);
  }
}
