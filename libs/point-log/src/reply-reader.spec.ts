import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplyReader, type Reply } from './reply-reader';

const encode = (reply: Reply): Buffer => {
  if (reply === null) return Buffer.from('$-1\r\n');
  if (reply instanceof Error) return Buffer.from(`-${reply.message}\r\n`);
  if (typeof reply === 'string') return Buffer.from(`+${reply}\r\n`);
  if (Buffer.isBuffer(reply)) return Buffer.concat([Buffer.from(`$${reply.length}\r\n`), reply, Buffer.from('\r\n')]);
  const items = reply as readonly Reply[];
  return Buffer.concat([Buffer.from(`*${items.length}\r\n`), ...items.map(encode)]);
};

const word = fc.stringMatching(/^[a-z0-9 -]{0,12}$/);
const { reply } = fc.letrec<{ reply: Reply }>((tie) => ({
  reply: fc.oneof(
    { maxDepth: 4 },
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    word,
    fc.constant(null),
    word.map((text) => new Error(text)),
    fc.array(tie('reply'), { maxLength: 5 }),
  ),
}));

describe('replies of Redis', () => {
  it('are read the same wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 6 }), fc.array(fc.nat({ max: 600 })), (replies, cuts) => {
        const whole = Buffer.concat(replies.map(encode));
        const places = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
        const reader = new ReplyReader();
        const read = places.slice(1).flatMap((end, i) => reader.read(whole.subarray(places[i], end)));
        expect(read).toEqual(replies);
      }),
    );
  });

  it('may be numbers, and lists that are none', () => {
    expect(new ReplyReader().read(Buffer.from(':42\r\n*-1\r\n*0\r\n$0\r\n\r\n'))).toEqual([
      '42',
      null,
      [],
      Buffer.alloc(0),
    ]);
  });

  it('hold bulk strings in memory of their own', () => {
    const chunk = Buffer.from('$3\r\nabc\r\n');
    const [bytes] = new ReplyReader().read(chunk) as [Buffer];
    chunk.fill(0);
    expect([bytes.toString(), bytes.buffer.byteLength]).toEqual(['abc', 3]);
  });

  it.each(['hello\r\n', '$x\r\n', '$-2\r\n', '*1.5\r\n', `${'*1\r\n'.repeat(30)}:1\r\n`])('are not %j', (text) => {
    expect(() => new ReplyReader().read(Buffer.from(text))).toThrow(/reply/);
  });
});
