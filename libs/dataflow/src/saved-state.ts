import { groupOf, type Group } from '@supercap/data-model';
import { CODEC_VERSION, StateCodecError } from './codec-format';
import type { NodeRunner } from './node-runner';
import { framed, piecesOf, type Snapshot } from './snapshot';
import { StateDecoder } from './state-decoder';
import { StateEncoder } from './state-encoder';

/** Groups that are written before the loop gets a turn. */
const PIECE_GROUPS = 500;

export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The state of all nodes in framed pieces; undefined where it is time for a turn of the loop. */
export function* writeState(order: readonly NodeRunner[]): Generator<Buffer | undefined, void, undefined> {
  const encoder = new StateEncoder();
  encoder.write({ version: CODEC_VERSION, nodes: order.map((runner) => runner.name) });
  yield* framed(encoder.take());
  for (const runner of order) {
    encoder.write({ node: runner.name, ...(runner.saveShared() as object) });
    yield* framed(encoder.take());
    let written = 0;
    for (const { group, state } of runner.groups?.values() ?? []) {
      encoder.group(group);
      encoder.write(state);
      if (++written % PIECE_GROUPS !== 0) continue;
      yield* framed(encoder.take());
      yield undefined;
    }
    yield* framed(encoder.take());
  }
}

/** Gives the nodes back what they keep for themselves, or their groups. */
export async function restoreState(
  order: readonly NodeRunner[],
  snapshot: Snapshot,
  part: 'shared' | 'groups',
): Promise<void> {
  const pieces = piecesOf(snapshot);
  const head = new StateDecoder(pieces.next().value ?? Buffer.alloc(0)).read() as { version: number; nodes: string[] };
  if (head.version > CODEC_VERSION) {
    throw new StateCodecError(`snapshot has version ${head.version}, this server reads up to ${CODEC_VERSION}`);
  }
  let runner: NodeRunner | undefined;
  for (const piece of pieces) {
    const decoder = new StateDecoder(piece);
    while (!decoder.done) {
      const value = decoder.read() as { readonly node: string } | Group;
      if ('node' in value) {
        runner = order.find(({ name }) => name === value.node);
        if (part === 'shared') runner?.restoreShared(value, groupOf);
      } else if (part === 'groups') runner?.groups?.restore(value, decoder.read());
      else break;
    }
    await turn();
  }
}
