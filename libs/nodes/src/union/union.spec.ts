import { describe, expect, it } from 'vitest';
import { lines, startScript } from '../testing';

const united = (properties = '') => `
  var a = stream|from().measurement('a')
  var b = stream|from().measurement('b')
  a|union(b)${properties}
`;

describe('union', () => {
  it('orders by time, the arguments before the node left of the pipe, and lets late points through at once', async () => {
    const run = await startScript(united());
    run.write('a v=1 0\na v=2 5\nb v=10 3\na v=3 10\nb v=20 10\nb v=30 2\na v=4 12');
    const expected = 'a v=1 0\nb v=10 3\na v=2 5\nb v=20 10\na v=3 10\nb v=30 2';
    expect(run.output).toBe(expected);
    await run.run.dataflow.finish();
    expect(run.output).toBe(`${expected}\na v=4 12`);
  });

  it('emits nothing before each parent has sent something', async () => {
    const run = await startScript(united());
    run.write('a v=1 0\na v=2 1\na v=3 2');
    expect(run.output).toBe('');
    await run.run.dataflow.finish();
    expect(run.output).toBe('a v=1 0\na v=2 1\na v=3 2');
  });

  it('gives everything one name when it renames, also where the measurement is a dimension', async () => {
    const run = await startScript(`
      var a = stream|from().measurement('a').groupByMeasurement()
      var b = stream|from().measurement('b').groupByMeasurement()
      a|union(b).rename('u')|eval(lambda: count()).as('n')
    `);
    run.write('a v=1 0\nb v=1 1\na v=1 2\nb v=1 3');
    expect(run.output).toBe('u n=1i 0\nu n=2i 1\nu n=3i 2');
  });

  it('keeps batches whole and orders them by their ends', async () => {
    const run = await startScript(`
      var a = stream|from().measurement('a')|window().period(2s).every(2s)
      var b = stream|from().measurement('b')|window().period(2s).every(2s)
      a|union(b).rename('u')
    `);
    run.write('a v=0 0\nb v=1 0\na v=2 1\nb v=3 1\na v=4 2\nb v=5 2');
    expect(run.output).toBe(
      lines(`
      batch u 2
      u v=1 0
      u v=3 1
      batch u 2
      u v=0 0
      u v=2 1
    `),
    );
  });

  it('puts what it renames into the group of the new name', async () => {
    for (const window of ['', '|window().periodCount(1).everyCount(1)']) {
      const run = await startScript(`
        var a = stream|from().measurement('a').groupByMeasurement()${window}
        var b = stream|from().measurement('b').groupByMeasurement()${window}
        a|union(b).rename('u')
      `);
      run.write('a v=1 1\nb v=1 1\na v=1 2\nb v=1 2');
      expect(new Set(run.run.data().map(({ group }) => group.id))).toEqual(new Set(['u']));
    }
  });

  it('goes on from a snapshot as if it had never stopped', async () => {
    const input = 'a v=1 0\na v=2 5\nb v=10 3\na v=3 10\nb v=20 10\nb v=30 2\na v=4 12'.split('\n');
    for (let cut = 0; cut <= input.length; cut++) {
      const before = await startScript(united());
      before.write(input.slice(0, cut).join('\n'));
      const after = await startScript(united(), { snapshot: await before.run.dataflow.snapshot() });
      after.write(input.slice(cut).join('\n'));
      await after.run.dataflow.finish();
      const outputs = [before.output, after.output].filter((text) => text !== '');
      expect(outputs.join('\n')).toBe('a v=1 0\nb v=10 3\na v=2 5\nb v=20 10\na v=3 10\nb v=30 2\na v=4 12');
    }
  });
});
