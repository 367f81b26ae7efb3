import {
  Batch,
  DurationValue,
  Layout,
  Point,
  Tags,
  TimeValue,
  floatList,
  groupOf,
  type FieldValue,
  type Group,
} from '@supercap/data-model';
import { StateCodecError, Tag, typedArrays } from './codec-format';

export class StateDecoder {
  private at = 0;
  private readonly strings: string[] = [];
  private readonly shapes: string[][] = [];
  private readonly tags: Tags[] = [];
  private readonly layouts: Layout[] = [];

  constructor(private readonly bytes: Buffer) {}

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  read(): unknown {
    const tag = this.byte();
    switch (tag) {
      case Tag.Undefined:
        return undefined;
      case Tag.Null:
        return null;
      case Tag.False:
        return false;
      case Tag.True:
        return true;
      case Tag.Float: {
        this.at += 8;
        return this.bytes.readDoubleLE(this.at - 8);
      }
      case Tag.SmallInt: {
        this.at += 4;
        return this.bytes.readInt32LE(this.at - 4);
      }
      case Tag.BigInt64: {
        this.at += 8;
        return this.bytes.readBigInt64LE(this.at - 8);
      }
      case Tag.BigIntText:
        return BigInt(this.text());
      case Tag.String: {
        const text = this.text();
        this.strings.push(text);
        return text;
      }
      case Tag.StringRef:
        return this.strings[this.uint()]!;
      case Tag.Array: {
        const size = this.uint();
        return this.numbers(size) ?? this.list(size);
      }
      case Tag.Object: {
        const keys = this.list(this.uint()) as string[];
        this.shapes.push(keys);
        return this.record(keys);
      }
      case Tag.ObjectRef:
        return this.record(this.shapes[this.uint()]!);
      case Tag.Map: {
        const size = this.uint();
        const map = new Map<unknown, unknown>();
        for (let i = 0; i < size; i++) {
          const key = this.read();
          map.set(key, this.read());
        }
        return map;
      }
      case Tag.Set:
        return new Set(this.list(this.uint()));
      case Tag.TypedArray:
        return this.typedArray();
      case Tag.Point:
        return this.point();
      case Tag.Batch: {
        const name = this.read() as string;
        const group = this.read() as Group;
        const time = this.read() as bigint;
        return new Batch(name, group, time, this.read() as Point[]);
      }
      case Tag.Tags: {
        const size = this.uint();
        const keys: string[] = [];
        const values: string[] = [];
        for (let i = 0; i < size; i++) {
          keys.push(this.read() as string);
          values.push(this.read() as string);
        }
        const tags = Tags.ofSorted(keys, values);
        this.tags.push(tags);
        return tags;
      }
      case Tag.TagsRef:
        return this.tags[this.uint()]!;
      case Tag.Layout: {
        const layout = Layout.ofSorted(this.list(this.uint()) as string[]);
        this.layouts.push(layout);
        return layout;
      }
      case Tag.LayoutRef:
        return this.layouts[this.uint()]!;
      case Tag.Group: {
        const byName = this.byte() === 1;
        const name = this.read() as string;
        return groupOf(byName, name, this.read() as Tags);
      }
      case Tag.Duration:
        return new DurationValue(this.read() as bigint);
      case Tag.Time:
        return new TimeValue(this.read() as bigint);
      default:
        throw new StateCodecError(`unknown tag ${tag} at byte ${this.at - 1} of a snapshot`);
    }
  }

  /** A list of numbers, as bare doubles. Undefined, and nothing is read, where something else is among them. */
  private numbers(size: number): number[] | undefined {
    const { bytes } = this;
    let end = this.at;
    for (let i = 0; i < size; i++) {
      const tag = bytes[end];
      if (tag !== Tag.Float && tag !== Tag.SmallInt) return undefined;
      end += tag === Tag.Float ? 9 : 5;
    }
    const numbers = floatList(size);
    for (let i = 0; i < size; i++) numbers[i] = this.read() as number;
    return numbers;
  }

  private list(size: number): unknown[] {
    const items: unknown[] = [];
    for (let i = 0; i < size; i++) items.push(this.read());
    return items;
  }

  private record(keys: readonly string[]): Record<string, unknown> {
    const record: Record<string, unknown> = {};
    for (const key of keys) {
      const value = this.read();
      // A group or a tag may be called `__proto__`: it must become a member, not the prototype.
      if (key === '__proto__')
        Object.defineProperty(record, key, { value, enumerable: true, writable: true, configurable: true });
      else record[key] = value;
    }
    return record;
  }

  private typedArray(): ArrayBufferView {
    const type = typedArrays[this.byte()];
    if (type === undefined) throw new StateCodecError('unknown kind of typed array in a snapshot');
    const size = this.uint();
    const copy = new Uint8Array(this.bytes.subarray(this.at, this.at + size));
    this.at += size;
    return new type(copy.buffer, 0, size / type.BYTES_PER_ELEMENT);
  }

  private point(): Point {
    const name = this.read() as string;
    const db = this.read() as string;
    const rp = this.read() as string;
    const group = this.read() as Group;
    const tags = this.read() as Tags;
    const layout = this.read() as Layout;
    const values = this.list(layout.size) as FieldValue[];
    return new Point(name, db, rp, group, tags, layout, values, this.read() as bigint);
  }

  private byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new StateCodecError('a snapshot ends too early');
    return value;
  }

  private uint(): number {
    this.at += 4;
    return this.bytes.readUInt32LE(this.at - 4);
  }

  private text(): string {
    const size = this.uint();
    this.at += size;
    return this.bytes.toString('utf8', this.at - size, this.at);
  }
}
