import { EntryFormatError, EntryReader } from '@supercap/line-protocol';
import { formatRecordedPoint } from '@supercap/recording';
import type { PointLimit } from './point-limit';

/** About so much text is handed on at once. */
const PIECE_CHARACTERS = 256 * 1024;

/** The text of a stream recording: those points of the entries that belong to it, in their order. */
export async function* recordedText(
  entries: AsyncIterable<Uint8Array>,
  limit: PointLimit,
  unreadable: (error: EntryFormatError) => void,
): AsyncGenerator<Buffer> {
  const reader = new EntryReader();
  let lines: string[] = [];
  let characters = 0;
  let ended = false;
  for await (const bytes of entries) {
    try {
      reader.read(bytes).forEach((block, row) => {
        if (ended || !limit.takes(block.name)) return;
        const point = block.pointAt(row);
        ended = !limit.admit(point.time);
        if (ended) return;
        const text = formatRecordedPoint(point);
        lines.push(text);
        characters += text.length;
      });
    } catch (error) {
      if (!(error instanceof EntryFormatError)) throw error;
      unreadable(error);
    }
    if (characters >= PIECE_CHARACTERS || ended) {
      yield Buffer.from(lines.join(''));
      lines = [];
      characters = 0;
    }
    if (ended) return;
  }
  yield Buffer.from(lines.join(''));
}
