import { unavailable } from '@supercap/transport';

/** Lets only so many large answers be made at the same time; some wait for their turn, and more are refused. */
export class Admission {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly what: string,
    private readonly most: number,
    private readonly mostWaiting: number,
  ) {}

  /** Throws HttpError 503. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside >= this.most) {
      if (this.waiting.length >= this.mostWaiting) throw unavailable(`too many ${this.what} at once`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.inside++;
    try {
      return await work();
    } finally {
      this.inside--;
      this.waiting.shift()?.();
    }
  }
}
