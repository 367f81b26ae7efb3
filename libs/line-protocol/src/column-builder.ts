/** How a column stores its values. The numbers stand in log entries: never renumber them. */
export const Kind = { float: 0, int: 1, string: 2, bool: 3, duration: 4, time: 5 } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

const noFloats = new Float64Array(0);
const noInts = new Int32Array(0);
const noBytes = new Uint8Array(0);
const noEnds = new Uint32Array(0);

export function grown<T extends Float64Array | Int32Array | Uint8Array | Uint32Array>(array: T, length: number): T {
  const next = new (array.constructor as new (length: number) => T)(length);
  next.set(array);
  return next;
}

/** A column that grows row by row and is used again for the next entry. Only the array of its kind has room. */
export class ColumnBuilder {
  floats = noFloats;
  /** int64 values as pairs: low half, high half. */
  ints = noInts;
  bools = noBytes;
  /** The values of a string column, one after the other; `ends[row]` is where the value of a row ends. */
  text = noBytes;
  ends = noEnds;

  constructor(
    readonly name: string,
    readonly kind: Kind,
  ) {}

  reserve(rows: number): void {
    switch (this.kind) {
      case Kind.float:
        this.floats = grown(this.floats, rows);
        break;
      case Kind.string:
        this.ends = grown(this.ends, rows);
        break;
      case Kind.bool:
        this.bools = grown(this.bools, rows);
        break;
      default:
        this.ints = grown(this.ints, rows * 2);
    }
  }

  /** Makes room for `length` bytes of text. */
  reserveText(length: number): void {
    if (length > this.text.length) this.text = grown(this.text, Math.max(256, length, this.text.length * 2));
  }

  /** How many bytes the first `rows` values of a string column have. */
  textLength(rows: number): number {
    return rows === 0 ? 0 : this.ends[rows - 1]!;
  }
}
