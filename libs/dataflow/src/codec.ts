import { Batch, DurationValue, Layout, NotedGroup, Point, Tags, TimeValue, groupOf, type FieldValue, type Group } from '@supercap/data-model';

// Binary form of node state. Plain data and the classes of the data model only; anything else is a programming error
// and refused when it is written, not when it is read back. Strings, tags, groups and object shapes that repeat within
// one piece are written once.

/** Grows with every incompatible change; readers keep reading all older ones. */
export const CODEC_VERSION = 1;

const enum Tag {
  Undefined = 0,
  Null = 1,
  False = 2,
  True = 3,
  Float = 4,
  SmallInt = 5,
  BigInt64 = 6,
  BigIntText = 7,
  String = 8,
  StringRef = 9,
  Array = 10,
  Object = 11,
  ObjectRef = 12,
  Map = 13,
  Set = 14,
  TypedArray = 15,
  Point = 16,
  Batch = 17,
  Tags = 18,
  TagsRef = 19,
  Layout = 20,
  LayoutRef = 21,
  Group = 22,
  Duration = 23,
  Time = 24,
}

const typedArrays = [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  Uint8ClampedArray,
] as const;

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const MAX_DEPTH = 200;

export class StateCodecError extends Error {
  override readonly name = 'StateCodecError';
}

export class StateEncoder {
  private buffer = Buffer.allocUnsafe(64 * 1024);
  private length = 0;
  private depth = 0;
  private readonly strings = new Map<string, number>();
  private readonly shapes = new Map<string, number>();
  private readonly tags = new Map<Tags, number>();
  private readonly layouts = new Map<Layout, number>();

  /** The bytes so far; the encoder starts afresh, dictionaries included. */
  take(): Buffer {
    const bytes = Buffer.from(this.buffer.subarray(0, this.length));
    this.length = 0;
    this.strings.clear();
    this.shapes.clear();
    this.tags.clear();
    this.layouts.clear();
    return bytes;
  }

  write(value: unknown): void {
    switch (typeof value) {
      case 'undefined':
        return this.byte(Tag.Undefined);
      case 'boolean':
        return this.byte(value ? Tag.True : Tag.False);
      case 'number':
        return this.number(value);
      case 'bigint':
        return this.bigint(value);
      case 'string':
        return this.string(value);
      case 'object':
        if (value === null) return this.byte(Tag.Null);
        if (++this.depth > MAX_DEPTH) throw new StateCodecError('state is nested too deeply');
        this.object(value);
        this.depth--;
        return;
      default:
        throw new StateCodecError(`state holds a ${typeof value}`);
    }
  }

  private number(value: number): void {
    if (Number.isInteger(value) && value >= -0x8000_0000 && value <= 0x7fff_ffff && !Object.is(value, -0)) {
      this.reserve(5);
      this.buffer[this.length++] = Tag.SmallInt;
      this.length = this.buffer.writeInt32LE(value, this.length);
      return;
    }
    this.reserve(9);
    this.buffer[this.length++] = Tag.Float;
    this.length = this.buffer.writeDoubleLE(value, this.length);
  }

  private bigint(value: bigint): void {
    if (value < INT64_MIN || value > INT64_MAX) {
      this.byte(Tag.BigIntText);
      return this.text(value.toString());
    }
    this.reserve(9);
    this.buffer[this.length++] = Tag.BigInt64;
    this.length = this.buffer.writeBigInt64LE(value, this.length);
  }

  private string(value: string): void {
    const known = this.strings.get(value);
    if (known !== undefined) {
      this.byte(Tag.StringRef);
      return this.uint(known);
    }
    this.strings.set(value, this.strings.size);
    this.byte(Tag.String);
    this.text(value);
  }

  private object(value: object): void {
    if (Array.isArray(value)) {
      this.byte(Tag.Array);
      this.uint(value.length);
      for (let i = 0; i < value.length; i++) this.write(value[i]);
    } else if (value instanceof Map) {
      this.byte(Tag.Map);
      this.uint(value.size);
      for (const [key, item] of value) {
        this.write(key);
        this.write(item);
      }
    } else if (value instanceof Set) {
      this.byte(Tag.Set);
      this.uint(value.size);
      for (const item of value) this.write(item);
    } else if (ArrayBuffer.isView(value)) this.typedArray(value);
    else if (value instanceof Tags) this.tagSet(value);
    else if (value instanceof Layout) this.layout(value);
    else if (value instanceof Point) this.point(value);
    else if (value instanceof NotedGroup) this.group(value);
    else if (value instanceof Batch) {
      this.byte(Tag.Batch);
      this.string(value.name);
      this.group(value.group);
      this.bigint(value.time);
      this.write(value.points);
    } else if (value instanceof DurationValue) {
      this.byte(Tag.Duration);
      this.bigint(value.ns);
    } else if (value instanceof TimeValue) {
      this.byte(Tag.Time);
      this.bigint(value.ns);
    } else this.record(value);
  }

  private record(value: object): void {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      throw new StateCodecError(`state holds an object of class ${value.constructor?.name}`);
    }
    const keys = Object.keys(value);
    const shape = keys.join('\u0000');
    const known = this.shapes.get(shape);
    if (known === undefined) {
      this.shapes.set(shape, this.shapes.size);
      this.byte(Tag.Object);
      this.uint(keys.length);
      for (const key of keys) this.string(key);
    } else {
      this.byte(Tag.ObjectRef);
      this.uint(known);
    }
    const members = value as Record<string, unknown>;
    for (const key of keys) this.write(members[key]);
  }

  private typedArray(view: ArrayBufferView): void {
    const kind = typedArrays.findIndex((type) => view instanceof type);
    if (kind < 0) throw new StateCodecError('state holds a view of an unknown kind');
    this.byte(Tag.TypedArray);
    this.byte(kind);
    this.uint(view.byteLength);
    this.reserve(view.byteLength);
    this.buffer.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), this.length);
    this.length += view.byteLength;
  }

  private tagSet(tags: Tags): void {
    const known = this.tags.get(tags);
    if (known !== undefined) {
      this.byte(Tag.TagsRef);
      return this.uint(known);
    }
    this.tags.set(tags, this.tags.size);
    this.byte(Tag.Tags);
    this.uint(tags.size);
    for (let i = 0; i < tags.size; i++) {
      this.string(tags.keys[i]!);
      this.string(tags.values[i]!);
    }
  }

  private layout(layout: Layout): void {
    const known = this.layouts.get(layout);
    if (known !== undefined) {
      this.byte(Tag.LayoutRef);
      return this.uint(known);
    }
    this.layouts.set(layout, this.layouts.size);
    this.byte(Tag.Layout);
    this.uint(layout.size);
    for (const name of layout.names) this.string(name);
  }

  group(group: Group): void {
    this.byte(Tag.Group);
    this.byte(group.byName ? 1 : 0);
    this.string(group.name);
    this.tagSet(group.tags);
  }

  private point(point: Point): void {
    this.byte(Tag.Point);
    this.string(point.name);
    this.string(point.db);
    this.string(point.rp);
    this.group(point.group);
    this.tagSet(point.tags);
    this.layout(point.layout);
    for (let i = 0; i < point.values.length; i++) this.write(point.values[i]);
    this.bigint(point.time);
  }

  private byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  private uint(value: number): void {
    this.reserve(4);
    this.length = this.buffer.writeUInt32LE(value, this.length);
  }

  private text(value: string): void {
    const bytes = Buffer.byteLength(value);
    this.uint(bytes);
    this.reserve(bytes);
    this.length += this.buffer.write(value, this.length, bytes, 'utf8');
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}

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
      case Tag.Array:
        return this.list(this.uint());
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
      if (key === '__proto__') Object.defineProperty(record, key, { value, enumerable: true, writable: true, configurable: true });
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
