/**
 * The time of the line before, where it was the last thing on it: points that are written together mostly have the same
 * one, and to compare its bytes costs a fraction of reading its digits. Good for one body.
 */
export class RepeatedTime {
  /** The two halves of the int64. */
  low = 0;
  high = 0;
  /** Bytes of the text, without the newline behind it. */
  length = 0;
  private start = -1;

  forget(): void {
    this.start = -1;
  }

  remember(start: number, end: number, low: number, high: number): void {
    // Shorter texts are not worth it, and would need other comparisons.
    this.start = end - start >= 4 ? start : -1;
    this.length = end - start;
    this.low = low;
    this.high = high;
  }

  /** Whether the same text and a newline stand at `at`. The newline behind the body counts, too. */
  isAt(view: DataView, at: number, bodyEnd: number): boolean {
    const { start, length } = this;
    if (start < 0 || at + length > bodyEnd) return false;
    // Whole words, the last of which ends with the newline and may overlap the one before.
    const last = length - 3;
    for (let i = 0; i < last; i += 4) {
      if (view.getUint32(at + i, true) !== view.getUint32(start + i, true)) return false;
    }
    return view.getUint32(at + last, true) === view.getUint32(start + last, true);
  }
}
