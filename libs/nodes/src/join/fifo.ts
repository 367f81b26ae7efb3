/** A list that is taken from at the front, at constant cost however long it is. Plain data. */
export interface Fifo<T> {
  readonly items: T[];
  /** Where the list begins: what lies before has been taken. */
  start: number;
}

export const emptyFifo = <T>(): Fifo<T> => ({ items: [], start: 0 });

export function fifoSize<T>({ items, start }: Fifo<T>): number {
  return items.length - start;
}

/** Takes off the first `count` items, of which there must be as many. */
export function dropFront<T>(fifo: Fifo<T>, count: number): void {
  const { items } = fifo;
  if (items.length === 1) {
    // The common case. Unlike a new length, this keeps the room that the next item needs.
    items.pop();
    fifo.start = 0;
    return;
  }
  fifo.start += count;
  if (fifo.start === items.length) {
    items.length = 0;
    fifo.start = 0;
  } else if (fifo.start >= 64 && fifo.start * 2 >= items.length) {
    items.splice(0, fifo.start);
    fifo.start = 0;
  }
}
