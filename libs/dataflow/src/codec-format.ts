// Binary form of node state. Plain data and the classes of the data model only; anything else is a programming error
// and refused when it is written, not when it is read back. Strings, tags, groups and object shapes that repeat within
// one piece are written once.

/** Grows with every incompatible change; readers keep reading all older ones. */
export const CODEC_VERSION = 1;

export const enum Tag {
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

export const typedArrays = [
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

export class StateCodecError extends Error {
  override readonly name = 'StateCodecError';
}
