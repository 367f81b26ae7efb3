/** The handlers of a topic from one start of its task to the end. */
export interface Definition {
  readonly number: number;
  /** Aborted: it has ended. */
  readonly gone: AbortController;
  /** Keys of handlers whose receiver did not take the last attempt. */
  readonly failing: Set<string>;
}

/** Ends that are remembered, for jobs that were stored before. */
const ENDED_KEPT = 10_000;

/** Tells events of handlers that are gone from those of handlers that were defined under the same names later. */
export class Definitions {
  private readonly current = new Map<string, Definition>();
  private readonly ended = new Map<string, { readonly definition: Definition; readonly at: number }>();
  private numbers = 0;

  constructor(private readonly now: () => number = Date.now) {}

  /** The definition whose events come now. */
  of(topic: string): Definition {
    let definition = this.current.get(topic);
    if (definition === undefined) {
      definition = { number: this.numbers++, gone: new AbortController(), failing: new Set() };
      this.current.set(topic, definition);
    }
    return definition;
  }

  /** The definition that events of this time came from. */
  at(topic: string, time: number): Definition {
    const ended = this.ended.get(topic);
    return ended !== undefined && time <= ended.at ? ended.definition : this.of(topic);
  }

  end(topic: string): void {
    const definition = this.current.get(topic);
    if (definition === undefined) return;
    this.current.delete(topic);
    this.ended.delete(topic);
    this.ended.set(topic, { definition, at: this.now() });
    const [oldest] = this.ended.keys();
    if (this.ended.size > ENDED_KEPT && oldest !== undefined) this.ended.delete(oldest);
    definition.gone.abort();
  }
}
