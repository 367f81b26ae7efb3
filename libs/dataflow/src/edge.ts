import type { Message } from '@supercap/data-model';

/** What the parent end of an edge needs of a node. */
export interface Inlet {
  receive(message: Message, parent: number): void;
}

/** One edge. Messages pass at once, so what was collected has also been emitted, but for what waits in front of a node. */
export class Edge {
  /** Messages that the parent has put in. */
  collected = 0;

  constructor(
    readonly parentName: string,
    readonly childName: string,
    readonly type: 'stream' | 'batch',
    private readonly child: Inlet,
    /** The child's number for this parent. */
    private readonly index: number,
  ) {}

  send(message: Message): void {
    this.collected++;
    this.child.receive(message, this.index);
  }
}
