import { grown } from './column-builder';

const PRIME = 0x9e37_79b1 | 0;
// Keys come from clients: an unpredictable seed keeps them from choosing keys that collide.
const SEED = (Math.random() * 0x1_0000_0000) | 0;

/**
 * Numbers for byte strings, in arrays and without an object per key. Keys are compared four bytes at a time, so they are
 * kept filled up with zeros, and the bytes that are looked up must be readable for three bytes beyond their end.
 * Each key also remembers which key was asked for after it the last time: bodies tend to repeat their order.
 */
export class KeyTable {
  size = 0;
  words = new Uint32Array(4096);
  private wordBytes = new Uint8Array(this.words.buffer);
  /** Where the key begins in `words`, and its length in bytes. */
  at = new Uint32Array(256);
  lengths = new Uint32Array(256);
  private usedWords = 0;
  private hashes = new Int32Array(256);
  private following = new Int32Array(256).fill(-1);
  private slots = new Int32Array(1024).fill(-1);
  private last = -1;

  clear(): void {
    this.size = 0;
    this.usedWords = 0;
    this.last = -1;
    this.words = new Uint32Array(4096);
    this.wordBytes = new Uint8Array(this.words.buffer);
    this.at = new Uint32Array(256);
    this.lengths = new Uint32Array(256);
    this.hashes = new Int32Array(256);
    this.following = new Int32Array(256).fill(-1);
    this.slots = new Int32Array(1024).fill(-1);
  }

  get capacityBytes(): number {
    return this.words.byteLength + this.slots.byteLength + this.at.byteLength * 4;
  }

  /** The key that followed the last one before; -1 if there is none. Compare with `isAt`, then say `found`. */
  predicted(): number {
    return this.last < 0 ? -1 : this.following[this.last]!;
  }

  /** The bytes at `start` begin with the first `length` bytes of this key. */
  isAt(key: number, view: DataView, start: number, length = this.lengths[key]!): boolean {
    const { words } = this;
    let word = this.at[key]!;
    let at = start;
    let left = length;
    if (at + left + 4 > view.byteLength) return false;
    for (; left >= 4; left -= 4, at += 4) if (view.getUint32(at, true) !== words[word++]) return false;
    return left === 0 || ((view.getUint32(at, true) ^ words[word]!) & ((1 << (left * 8)) - 1)) === 0;
  }

  byteAt(key: number, index: number): number {
    return this.wordBytes[this.at[key]! * 4 + index]!;
  }

  found(key: number): void {
    if (this.last >= 0) this.following[this.last] = key;
    this.last = key;
  }

  hash(view: DataView, start: number, end: number): number {
    let hash = SEED;
    let at = start;
    for (; at + 4 <= end; at += 4) {
      hash = Math.imul(hash ^ view.getUint32(at, true), PRIME);
      // The product carries upwards only.
      hash ^= hash >>> 15;
    }
    if (at < end) hash = Math.imul(hash ^ (view.getUint32(at, true) & ((1 << ((end - at) * 8)) - 1)), PRIME);
    return hash ^ (hash >>> 13);
  }

  /** The number of a key, -1 if it is not known. */
  find(hash: number, view: DataView, start: number, end: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const key = slots[slot]!;
      if (key < 0) return -1;
      if (this.hashes[key] === hash && this.lengths[key] === end - start && this.isAt(key, view, start)) return key;
    }
  }

  /** Takes in a key that is not known yet. */
  add(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const key = this.size++;
    if (key === this.at.length) {
      this.at = grown(this.at, key * 2);
      this.lengths = grown(this.lengths, key * 2);
      this.hashes = grown(this.hashes, key * 2);
      this.following = grown(this.following, key * 2);
    }
    this.at[key] = this.store(bytes, start, end);
    this.lengths[key] = end - start;
    this.hashes[key] = hash;
    this.following[key] = -1;
    if (this.size * 2 > this.slots.length) this.rehash();
    else this.insert(key);
    return key;
  }

  /** Puts bytes into `words`, filled up with zeros, and returns where. */
  store(bytes: Uint8Array, start: number, end: number): number {
    const at = this.usedWords;
    const count = (end - start + 3) >>> 2;
    if (at + count > this.words.length) {
      this.words = grown(this.words, Math.max(this.words.length * 2, at + count));
      this.wordBytes = new Uint8Array(this.words.buffer);
    }
    const words = this.wordBytes;
    let to = at * 4;
    for (let i = start; i < end; i++) words[to++] = bytes[i]!;
    this.usedWords += count;
    return at;
  }

  private insert(key: number): void {
    const mask = this.slots.length - 1;
    let slot = this.hashes[key]! & mask;
    while (this.slots[slot]! >= 0) slot = (slot + 1) & mask;
    this.slots[slot] = key;
  }

  private rehash(): void {
    this.slots = new Int32Array(this.slots.length * 4).fill(-1);
    for (let key = 0; key < this.size; key++) this.insert(key);
  }
}
