import type { Route } from './route';
import type { LoopWatch, RoutedBlock, RoutedEntry } from './subscriber';

/** One entry on its way through a router: its rows in the order in which they were written, so many at a time. */
export class EntryPass {
  private readonly blocks: readonly RoutedBlock[];
  private readonly order: ArrayLike<number> | undefined;
  /** Where there is an order: how much of it is done. */
  private at = 0;
  /** By block: its next row. */
  private readonly next: Uint32Array;
  /** Where there is no order: the block that is being handed out. */
  private block = 0;

  constructor(
    entry: RoutedEntry,
    private readonly routes: readonly Route[],
    private readonly watch: LoopWatch,
  ) {
    this.blocks = entry.blocks;
    this.order = entry.blocks.length === 1 ? undefined : entry.order;
    this.next = new Uint32Array(entry.blocks.length);
  }

  /** Hands out up to so many rows more. Whether any are left then. */
  step(rows: number): boolean {
    const more = this.order === undefined ? this.stepByBlock(rows) : this.stepInOrder(rows, this.order);
    this.watch.leave();
    return more;
  }

  private stepByBlock(rows: number): boolean {
    const { blocks, routes, next } = this;
    let left = rows;
    for (; this.block < blocks.length; this.block++) {
      const block = blocks[this.block]!;
      const route = routes[this.block]!;
      let row = next[this.block]!;
      const end = Math.min(block.count, row + left);
      left -= end - row;
      for (; row < end; row++) route.dispatch(block, row);
      next[this.block] = end;
      if (end < block.count) return true;
    }
    return false;
  }

  private stepInOrder(rows: number, order: ArrayLike<number>): boolean {
    const { blocks, routes, next } = this;
    const end = Math.min(order.length, this.at + rows);
    for (let i = this.at; i < end; i++) {
      const b = order[i]!;
      routes[b]!.dispatch(blocks[b]!, next[b]!++);
    }
    this.at = end;
    return end < order.length;
  }
}
