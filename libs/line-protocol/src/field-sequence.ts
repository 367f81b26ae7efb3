import { BlockBuilder } from './block-builder';
import { ColumnBuilder, type Kind } from './column-builder';
import type { FieldScan } from './field-scan';

/** The fields of a line as they stood: their names, compared as bytes, and the column that each of them goes to. */
export class FieldSequence {
  /** The sequence that came up when a line of the series did not fit this one, for series that alternate. */
  alternative: FieldSequence | undefined;

  constructor(
    readonly block: BlockBuilder,
    readonly columns: readonly ColumnBuilder[],
    /** The names with their equals signs, each filled up with zeros to four bytes. */
    readonly words: Uint32Array,
    readonly lengths: Uint8Array | Uint32Array,
  ) {}
}

/** The sequences and blocks that were met, bounded by `fieldCount`, which the reader watches. */
export class FieldSequences {
  /** How many columns and names are kept. */
  fieldCount = 0;
  private sequences = new Map<string, FieldSequence>();
  private blocks = new Map<string, BlockBuilder>();

  clear(): void {
    this.fieldCount = 0;
    this.sequences = new Map();
    this.blocks = new Map();
  }

  of(measurement: string, scan: FieldScan, bytes: Buffer): FieldSequence {
    const names: string[] = [];
    for (let i = 0; i < scan.count; i++) names.push(bytes.toString('latin1', scan.nameStarts[i]!, scan.nameEnds[i]!));
    const kinds = scan.kinds.slice(0, scan.count);
    const key = `${measurement}\0${kinds.join('')}\0${names.join('')}`;
    let sequence = this.sequences.get(key);
    if (sequence === undefined) {
      sequence = this.make(measurement, kinds, names);
      this.sequences.set(key, sequence);
    }
    return sequence;
  }

  private make(measurement: string, kinds: readonly Kind[], rawNames: readonly string[]): FieldSequence {
    const names = rawNames.map((raw) => unescapeFieldName(Buffer.from(raw.slice(0, -1), 'latin1').toString()));
    // The last value of a name that comes twice wins, its kind too.
    const kindOf = new Map(names.map((name, i) => [name, kinds[i]!]));
    const block = this.block(measurement, kindOf);
    const columnOf = new Map(block.columns.map((column) => [column.name, column]));
    const columns = names.map((name, i) => {
      const column = columnOf.get(name)!;
      if (column.kind === kinds[i]) return column;
      const unused = new ColumnBuilder(name, kinds[i]!);
      block.attach(unused);
      return unused;
    });
    const lengths = Uint32Array.from(rawNames, (raw) => raw.length);
    const words = new Uint32Array(rawNames.reduce((sum, raw) => sum + ((raw.length + 3) >>> 2), 0));
    const wordBytes = Buffer.from(words.buffer);
    let at = 0;
    for (const raw of rawNames) {
      wordBytes.write(raw, at, 'latin1');
      at += (raw.length + 3) & ~3;
    }
    this.fieldCount += names.length + 4;
    return new FieldSequence(block, columns, words, lengths);
  }

  private block(measurement: string, kindOf: Map<string, Kind>): BlockBuilder {
    const names = [...kindOf.keys()].sort();
    const key = JSON.stringify([measurement, names, names.map((name) => kindOf.get(name))]);
    let block = this.blocks.get(key);
    if (block === undefined) {
      block = new BlockBuilder(
        measurement,
        names.map((name) => new ColumnBuilder(name, kindOf.get(name)!)),
      );
      this.blocks.set(key, block);
      this.fieldCount += names.length + 8;
    }
    return block;
  }
}

function unescapeFieldName(text: string): string {
  return text.includes('\\') ? text.replace(/\\([,"= \n])/g, '$1') : text;
}
