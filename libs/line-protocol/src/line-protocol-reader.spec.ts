import { describe, expect, it } from 'vitest';
import { EntryReader } from './entry-reader';
import { formatPoint } from './format-point';
import { LineProtocolReader } from './line-protocol-reader';
import { type Precision, precisionOf } from './precision';

const reader = new LineProtocolReader();
const entries = new EntryReader();
const options = { precision: 'n' as Precision, now: 42n, db: 'mydb', rp: 'autogen' };

/** The lines that come out, or the errors. */
function read(text: string | Uint8Array, precision: Precision = 'n'): readonly string[] {
  const body = typeof text === 'string' ? Buffer.from(text) : text;
  const result = reader.read(body, { ...options, precision });
  if ('errors' in result) return result.errors;
  return result.points === 0 ? [] : entries.read(result.entry).points().map(formatPoint);
}

const refused = (line: string, reason: string) => expect(read(line)).toEqual([`unable to parse '${line}': ${reason}`]);

describe('accepted lines', () => {
  it.each([
    ['m v=1 10', 'm v=1 10'],
    ['m   v=1   10  ', 'm v=1 10'],
    [' \tm v=1 10', 'm v=1 10'],
    ['m v=1', 'm v=1 42'],
    ['m v=1 -1500000000000000000', 'm v=1 -1500000000000000000'],
    ['m v=1 9223372036854775806', 'm v=1 9223372036854775806'],
    ['m v=1 -9223372036854775806', 'm v=1 -9223372036854775806'],
    ['m v=1 0000000000000000000000010', 'm v=1 10'],
    ['m v=1,v=2 10', 'm v=2 10'],
    ['m v=1,v="x" 10', 'm v="x" 10'],
    ['m v="x",v=1 10', 'm v=1 10'],
    ['m,z=1,a=2,m=3 v=1 10', 'm,a=2,m=3,z=1 v=1 10'],
    ['m time=5,v=1 10', 'm time=5,v=1 10'],
    ['m b=2,a=1 10', 'm a=1,b=2 10'],
    ['m i=7i,f=1.5,s="x y",b=t 10', 'm b=true,f=1.5,i=7i,s="x y" 10'],
    [
      'm a=T,b=true,c=True,d=TRUE,e=F,f=false,g=False,h=FALSE 10',
      'm a=true,b=true,c=true,d=true,e=false,f=false,g=false,h=false 10',
    ],
    [
      'm i=-9223372036854775808i,j=9223372036854775807i,k=-0i,l=4294967296i 10',
      'm i=-9223372036854775808i,j=9223372036854775807i,k=0i,l=4294967296i 10',
    ],
    [
      'm a=-0,b=.5,c=1.,d=1e3,e=-1.5E-7,f=12.345678901234567,g=123456789012345678 10',
      'm a=-0,b=0.5,c=1,d=1000,e=-1.5e-7,f=12.345678901234567,g=123456789012345680 10',
    ],
    ['m\\ a\\,b,t\\=\\ x=y\\,z v\\ w=1 10', 'm\\ a\\,b,t\\=\\ x=y\\,z v\\ w=1 10'],
    ['m v="a\nb",w=1 10', 'm v="a\nb",w=1 10'],
    [
      'm a="x\\"y",b="p\\\\q",c="a,b c=d",d="back\\slash" 10',
      'm a="x\\"y",b="p\\\\q",c="a,b c=d",d="back\\\\slash" 10',
    ],
    ['m s="" 10', 'm s="" 10'],
    ['mäß,t=ü v="€😀" 10', 'mäß,t=ü v="€😀" 10'],
  ])('%s', (line, expected) => {
    expect(read(line)).toEqual([expected]);
    expect(read(`${line}\n${line}\n`)).toEqual([expected, expected]);
  });

  it('skips comments and blank lines', () => {
    expect(read('\n# a="comment\n   \nm v=1 10\n\n  # more\nm v=2 10')).toEqual(['m v=1 10', 'm v=2 10']);
    expect(read('# only a comment')).toEqual([]);
    expect(read('')).toEqual([]);
  });

  it('keeps the order of points over measurements and field sets', () => {
    const lines = ['b x=1 1', 'a x=1 2', 'b x=2 3', 'b y=1 4', 'b x=3 5', 'a x=2i 6', 'b y=2 7'];
    expect(read(lines.join('\n'))).toEqual(lines);
    expect(read(lines.join('\n'))).toEqual(lines);
  });

  it('takes the tags of a series in any order as the same series', () => {
    const result = reader.read(Buffer.from('m,a=1,b=2 v=1\nm,b=2,a=1 v=2'), options);
    const [first, second] = 'entry' in result ? entries.read(result.entry).points() : [];
    expect(first!.tags.equals(second!.tags)).toBe(true);
  });

  it('reads bytes that are not UTF-8 as replacement characters', () => {
    expect(read(Buffer.from('m,t=\xff v="\xfe" 1', 'latin1'))).toEqual(['m,t=\ufffd v="\ufffd" 1']);
  });

  it('writes the database and the retention policy into the entry', () => {
    const result = reader.read(Buffer.from('m v=1'), options);
    const entry = 'entry' in result ? entries.read(result.entry) : undefined;
    expect([entry?.db, entry?.rp, entry?.count]).toEqual(['mydb', 'autogen', 1]);
  });
});

describe('precision', () => {
  it.each([
    ['n', '1500000000123456789', '1500000000123456789'],
    ['u', '1500000000123456', '1500000000123456000'],
    ['ms', '1500000000123', '1500000000123000000'],
    ['s', '1500000000', '1500000000000000000'],
    ['u', '9223372036854775', '9223372036854775000'],
    ['u', '7', '7000'],
    ['ms', '-1', '-1000000'],
    ['s', '-7', '-7000000000'],
    ['m', '25000000', '1500000000000000000'],
    ['h', '416666', '1499997600000000000'],
    ['ns', '5', '5'],
  ])('%s', (precision, time, expected) => {
    expect(read(`m v=1 ${time}`, precisionOf(precision))).toEqual([`m v=1 ${expected}`]);
  });
});

describe('times that repeat from line to line', () => {
  const times = [
    '1500000000',
    '1500000000',
    '1500000001',
    '1500000001 ',
    '150000000',
    '15',
    '15',
    '-150000',
    '-150000',
  ];

  it('are read as on a line alone, wherever the line ends', () => {
    for (const a of times) {
      for (const b of times) {
        const alone = [`m v=1 ${a}`, `m v=2  ${b}`].flatMap((line) => read(line));
        expect(read(`m v=1 ${a}\nm v=2  ${b}`)).toEqual(alone);
        expect(read(`m v=1 ${a}\nm v=2  ${b}\n`)).toEqual(alone);
      }
    }
  });

  it('are not taken for others that only begin with them', () => {
    expect(read('m v=1 15000\nm v=2 150001')).toEqual(['m v=1 15000', 'm v=2 150001']);
    expect(read('m v=1 15000\nm v=2 15000 1')).toEqual(["unable to parse 'm v=2 15000 1': point is invalid"]);
  });

  it('are forgotten with the body', () => {
    expect(read('m v=1 15000', 's')).toEqual(['m v=1 15000000000000']);
    expect(read('m v=1 15000', 'ms')).toEqual(['m v=1 15000000000']);
  });
});

describe('refused lines', () => {
  it.each([
    ['bad', 'missing fields'],
    ['m,t=a', 'missing fields'],
    ['m x', 'invalid field format'],
    ['m 1500000000000000000', 'invalid field format'],
    ['m v=1,', 'invalid field format'],
    ['m v=1,w', 'invalid field format'],
    ['m v=', 'missing field value'],
    ['m v= 10', 'missing field value'],
    ['m v=,w=1', 'missing field value'],
    ['m =1', 'missing field key'],
    ['m v=1,=2', 'missing field key'],
    ['m v=maybe', 'invalid boolean'],
    ['m v=abc 10', 'invalid boolean'],
    ['m v=tru 10', 'invalid boolean'],
    ['m v=NaN 10', 'invalid number'],
    ['m v=5u 10', 'invalid number'],
    ['m v=1.2.3 10', 'invalid number'],
    ['m v=- 10', 'invalid number'],
    ['m v=1.5i 10', 'invalid number'],
    ['m v=1e400 10', 'invalid float'],
    ['m v=1 soon', 'bad timestamp'],
    ['m v=1 10\r', 'bad timestamp'],
    ['m v=1 -', 'bad timestamp'],
    ['m v=1 1.5', 'bad timestamp'],
    ['m v=1 10 11', 'point is invalid'],
    ['m,t v=1', 'missing tag value'],
    ['m,t= v=1 10', 'missing tag value'],
    ['m, v=1', 'missing tag key'],
    ['m,=a v=1', 'missing tag key'],
    ['m,t=a=b v=1', 'invalid tag format'],
    ['m,a=1,a=2 v=1 10', 'duplicate tags'],
    ['m,a=1,b=1,a=1 v=1 10', 'duplicate tags'],
    [',t=a v=1', 'missing measurement'],
    ['m v="abc 10', 'unbalanced quotes'],
    ['m v="abc\\" 10', 'unbalanced quotes'],
    ['m v="a"b 10', 'invalid field format'],
    [
      'm v=9223372036854775808i 10',
      'unable to parse integer 9223372036854775808: strconv.ParseInt: parsing "9223372036854775808": value out of range',
    ],
  ])('%s', (line, reason) => {
    refused(line, reason);
    read('m v=1 10');
    refused(line, reason);
  });

  it('refuses times that do not fit 64 bits of nanoseconds', () => {
    const reason = 'time outside range -9223372036854775806 - 9223372036854775806';
    for (const time of ['9223372036854775807', '-9223372036854775807', '-9223372036854775808'])
      refused(`m v=1 ${time}`, reason);
    for (const time of ['9223372036854775808', '-9223372036854775809', '99999999999999999999'])
      refused(`m v=1 ${time}`, `strconv.ParseInt: parsing "${time}": value out of range`);
    expect(read('m v=1 9223372037', 's')).toEqual([`unable to parse 'm v=1 9223372037': ${reason}`]);
    expect(read('m v=1 9999999999999999', 'h')).toEqual([`unable to parse 'm v=1 9999999999999999': ${reason}`]);
    expect(read('m v=1 9223372036854775806')).not.toHaveProperty('errors');
    expect(read('m v=1 -9223372036854775806')).not.toHaveProperty('errors');
  });

  it('refuses times of millions of digits without reckoning with them', () => {
    const time = '9'.repeat(20_000_000);
    expect(read(`m v=1 ${time}`)).toEqual([
      expect.stringMatching(/^unable to parse 'm v=1 9+… \(20000006 bytes\)': strconv\.ParseInt: parsing "9+…$/),
    ]);
    expect(read(`m v=1 ${'0'.repeat(1_000_000)}9223372036854775807`)).toEqual([
      expect.stringMatching(/: time outside range /),
    ]);
  });

  it('accepts nothing when one line is bad, and names each bad line', () => {
    expect(read('m v=1 1\nbad\nm v=2 2\nworse x\nm v="q\nr" 3\nm v=tr')).toEqual([
      "unable to parse 'bad': missing fields",
      "unable to parse 'worse x': invalid field format",
      "unable to parse 'm v=tr': invalid boolean",
    ]);
  });

  it('names a line whose string is never closed without the end of the body', () => {
    expect(read('m v="abc 10\n')).toEqual([`unable to parse 'm v="abc 10': unbalanced quotes`]);
  });

  it('bounds what it reports', () => {
    const errors = read('bad\n'.repeat(100_000));
    expect(errors.length).toBe(101);
    expect(errors.at(-1)).toBe('and 99900 more lines that cannot be parsed');
    const long = [`m v=${'x'.repeat(36_000)}`, `m v=${'9'.repeat(36_000)}i`, `m,${'t'.repeat(36_000)} v=1`];
    const texts = read([...long, ...long, ...long].join('\n'));
    expect(texts[0]).toMatch(/^unable to parse 'm v=x+… \(36004 bytes\)': invalid boolean$/);
    expect(texts.at(-1)).toBe('and 1 more line that cannot be parsed');
    expect(texts.join('\n').length).toBeLessThan(16_000);
  });

  it('refuses a key that is longer than databases take', () => {
    expect(read(`${'x'.repeat(70_000)} v=1`)[0]).toMatch(/: max key length exceeded: 70000 > 65535$/);
  });

  it('refuses a body with more different fields than the limit', () => {
    const small = new LineProtocolReader({ fieldsPerBody: 1000 });
    const body = Buffer.from(Array.from({ length: 500 }, (_, i) => `m f${i}=1`).join('\n'));
    const result = small.read(body, options);
    expect('errors' in result && result.errors[0]).toMatch(/more than 1000 different fields in one write/);
  });
});

describe('memory', () => {
  it('forgets series and fields above its limits and reads on', () => {
    const small = new LineProtocolReader({ series: 10, fields: 10 });
    for (let round = 0; round < 5; round++) {
      const lines = Array.from({ length: 50 }, (_, i) => `m,t=${round}-${i} f${i % 7}=${i} ${i}`);
      const result = small.read(Buffer.from(lines.join('\n')), options);
      expect('entry' in result && entries.read(result.entry).points().map(formatPoint)).toEqual(lines);
    }
  });

  it('gives back memory above its limit and reads on', () => {
    const small = new LineProtocolReader({ bytes: 1000 });
    for (let round = 0; round < 3; round++) {
      const result = small.read(Buffer.from('m,t=a v=1 1\nm,t=b v="x" 2'), options);
      expect('entry' in result && result.points).toBe(2);
    }
  });
});
