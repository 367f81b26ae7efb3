import {
  INT64_MAX,
  INT64_MIN,
  Batch,
  DurationValue,
  Layout,
  NotedGroup,
  Point,
  Tags,
  TimeValue,
  type Group,
} from '@supercap/data-model';
import { StateCodecError, Tag, typedArrays } from './codec-format';

const MAX_DEPTH = 200;

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
      // Not by index: compiled code that loads from lists of doubles and of other values in one place makes the former
      // into the latter, and thereby boxes every number of the state that it only meant to look at.
      for (const item of value) this.write(item);
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
