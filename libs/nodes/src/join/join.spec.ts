import { describe, expect, it } from 'vitest';
import { Barrier, DeleteGroup, SECOND } from '@supercap/data-model';
import { lines, type ScriptRun, startScript } from '../testing';

const joined = (properties: string) => `
  var a = stream|from().measurement('a')
  var b = stream|from().measurement('b')
  a|join(b).as('l', 'r')${properties}
`;

/** The figures of the join node of a run. */
function joinStats({ run }: ScriptRun): Record<string, number> {
  const { name } = run.dataflow.pipeline.nodes.find(({ kind }) => kind === 'join')!;
  return run.dataflow.nodeStats()[name]!;
}

/** Runs a join of the measurements a and b over lines; what is left at the end is flushed. */
async function join(properties: string, input: string): Promise<string> {
  const run = await startScript(joined(properties));
  run.write(input);
  await run.run.dataflow.finish();
  return run.output;
}

const gaps = `
  a v=1 0
  b v=10 0
  a v=2 10
  a v=3 20
  b v=30 20
  b v=40 30
  a v=5 40
  b v=50 40
  a v=6 50
  b v=60 50
`;

describe('join of streams', () => {
  it('joins points of one time and drops those without a partner', async () => {
    expect(await join('', gaps)).toBe(
      lines(`
      a l.v=1,r.v=10 0
      a l.v=3,r.v=30 20
      a l.v=5,r.v=50 40
      a l.v=6,r.v=60 50
    `),
    );
  });

  it('gives the same whichever side comes first', async () => {
    const [a, b] = ['a', 'b'].map((side) =>
      gaps
        .split('\n')
        .filter((line) => line.trim().startsWith(side))
        .join('\n'),
    );
    const expected = await join(".fill('null')", gaps);
    expect(await join(".fill('null')", `${a}\n${b}`)).toBe(expected);
    expect(await join(".fill('null')", `${b}\n${a}`)).toBe(expected);
  });

  it('fills in null under the names of what is there, and takes the name of the left-most that is there', async () => {
    const run = await startScript(joined(".fill('null')"));
    run.write('a q=1,v=1 0\nb z=1 5\na q=2,v=2 10\nb z=2 10');
    const points = run.run.data();
    expect(points.map((point) => ('layout' in point ? [point.name, point.layout.names, point.values] : []))).toEqual([
      ['a', ['l.q', 'l.v', 'r.q', 'r.v'], [1, 1, null, null]],
      ['b', ['l.z', 'r.z'], [null, 1]],
      ['a', ['l.q', 'l.v', 'r.z'], [2, 2, 2]],
    ]);
  });

  it('fills in a number, with its own delimiter and name', async () => {
    expect(
      await join(
        ".fill(0.5).delimiter('#').streamName('J')",
        'a v=1 0\nb v=1 0\na v=2 10\nb v=4 30\na v=5 40\nb v=5 40',
      ),
    ).toBe(
      lines(`
        J l#v=1,r#v=1 0
        J l#v=2,r#v=0.5 10
        J l#v=0.5,r#v=4 30
        J l#v=5,r#v=5 40
      `),
    );
  });

  it('puts what it renames into the group of the new name', async () => {
    const run = await startScript(`
      var a = stream|from().measurement('a').groupByMeasurement()
      a|eval(lambda: "v").as('p')|join(a|eval(lambda: "v").as('q')).as('l', 'r').streamName('J')
    `);
    run.write('a v=1 1\na v=1 2');
    expect(run.run.data().map(({ name, group }) => `${name} ${group.id}`)).toEqual(['J J', 'J J']);
  });

  it('rounds times to the tolerance, halves up', async () => {
    const input = 'a v=1 0\nb v=10 1\na v=2 2\nb v=20 3\na v=3 7\nb v=30 8\nb v=40 12\na v=4 13\na v=5 20\nb v=50 20';
    expect(await join('.tolerance(5s)', input)).toBe(
      lines(`
      a l.v=1,r.v=10 0
      a l.v=3,r.v=20 5
      a l.v=5,r.v=50 20
    `),
    );
  });

  it('pairs points of the same time in the order of their arrival', async () => {
    const input = 'a v=1 0\na v=2 0\na v=3 10\nb v=10 0\nb v=20 0\nb v=30 0\nb v=40 10';
    expect(await join('', input)).toBe('a l.v=1,r.v=10 0\na l.v=2,r.v=20 0\na l.v=3,r.v=40 10');
  });

  it('holds later times back until every parent has moved past an incomplete earlier one', async () => {
    const run = await startScript(joined(''));
    run.write('a v=1 0\na v=2 10\na v=3 20');
    expect(run.output).toBe('');
    // It has moved past 0, which stays without a partner.
    run.write('b v=20 10');
    expect(run.output).toBe('a l.v=2,r.v=20 10');
    run.write('b v=30 20');
    expect(run.output).toBe('a l.v=2,r.v=20 10\na l.v=3,r.v=30 20');
  });

  it('does not let a group that only one side has hold the others back', async () => {
    const run = await startScript(`
      var a = stream|from().measurement('a').groupBy('h')
      var b = stream|from().measurement('b').groupBy('h')
      a|join(b).as('l', 'r').fill('null')
    `);
    run.write('a,h=t v=2 0\na,h=s,k=1 v=1 0\nb,h=s v=10 0\na,h=t v=4 1');
    expect(run.output).toBe('a,h=s l.v=1,r.v=10 0');
  });

  it('joins three streams', async () => {
    const run = await startScript(`
      var a = stream|from().measurement('a')
      var b = stream|from().measurement('b')
      var c = stream|from().measurement('c')
      a|join(b, c).as('x', 'y', 'z').fill(0)
    `);
    run.write('a v=0 0\nb v=0 0\nc v=0 0\na v=1 1\nc v=100 1\na v=2 2\nb v=20 2\na v=3 3\nb v=30 3\nc v=300 3');
    expect(run.output).toBe(
      lines(`
      a x.v=0,y.v=0,z.v=0 0
      a x.v=1,y.v=0i,z.v=100 1
      a x.v=2,y.v=20,z.v=0i 2
      a x.v=3,y.v=30,z.v=300 3
    `),
    );
  });

  it('moves on when barriers say that nothing earlier will come, and passes them on', async () => {
    const run = await startScript(`
      var a = stream|from().measurement('a')|barrier().idle(5s)
      var b = stream|from().measurement('b')|barrier().idle(5s)
      a|join(b).as('l', 'r').fill(0)
    `);
    run.write('a v=1 0\nb v=10 0\na v=2 1');
    expect(run.output).toBe('a l.v=1,r.v=10 0');
    run.run.clock.advance(5n * SECOND);
    expect(run.output).toBe('a l.v=1,r.v=10 0\na l.v=2,r.v=0i 1');
    expect(run.run.output.filter((message) => message instanceof Barrier).map(({ time }) => time / SECOND)).toEqual([
      6n,
      5n,
    ]);
  });

  it('forgets a deleted group and passes the deletion on', async () => {
    const run = await startScript(`
      var a = stream|from().measurement('a').groupBy('h')|barrier().idle(5s).delete(TRUE)
      var b = stream|from().measurement('b').groupBy('h')|barrier().idle(5s).delete(TRUE)
      a|join(b).as('l', 'r')
    `);
    run.write('a,h=x v=1 0\nb,h=x v=10 0');
    run.run.clock.advance(6n * SECOND);
    expect(run.run.output.some((message) => message instanceof DeleteGroup)).toBe(true);
    expect(joinStats(run).working_cardinality).toBe(0);
  });

  it('refuses a fill that it does not know when the task starts', async () => {
    await expect(startScript(joined(".fill('linear')"))).rejects.toThrow('unexpected fill option linear');
  });
});

describe('join on some of the tags', () => {
  const script = (fill: string) => `
    var a = stream|from().measurement('a').groupBy('h')
    var b = stream|from().measurement('b').groupBy('h', 'f')
    a|join(b).as('l', 'r').on('h')${fill}
  `;
  const input = `
    a,h=A v=1 0
    b,h=A,f=1 v=10 0
    b,h=A,f=2 v=10 0
    a,h=A v=2 10
    a,h=B v=7 10
    b,h=A,f=1 v=11 10
    b,h=A,f=2 v=21 10
    b,h=B,f=9 v=99 10
    b,h=A,f=1 v=12 15
    a,h=A v=3 20
    b,h=A,f=1 v=13 20
    a,h=A v=4 30
    b,h=A,f=1 v=14 30
  `;

  it('copies what the coarser parent has to every finer group', async () => {
    const run = await startScript(script(''));
    run.write(input);
    await run.run.dataflow.finish();
    expect(run.output).toBe(
      lines(`
      a,f=1,h=A l.v=1,r.v=10 0
      a,f=2,h=A l.v=1,r.v=10 0
      a,f=1,h=A l.v=2,r.v=11 10
      a,f=2,h=A l.v=2,r.v=21 10
      a,f=9,h=B l.v=7,r.v=99 10
      a,f=1,h=A l.v=3,r.v=13 20
      a,f=1,h=A l.v=4,r.v=14 30
    `),
    );
  });

  it('lets the finer points wait for the coarser one', async () => {
    const run = await startScript(script(''));
    run.write('b,h=A,f=1 v=10 0\nb,h=A,f=2 v=20 0\na,h=A v=1 0');
    expect(run.output).toBe('a,f=1,h=A l.v=1,r.v=10 0\na,f=2,h=A l.v=1,r.v=20 0');
  });

  it('lets finer points go on alone once the coarser parent has moved past them', async () => {
    const run = await startScript(script('.fill(0)'));
    run.write('a,h=A v=1 0\nb,h=A,f=1 v=10 5\na,h=A v=2 10\nb,h=A,f=1 v=11 10\nb,h=A,f=1 v=12 20\na,h=A v=3 20');
    expect(run.output.split('\n')).toContain('b,f=1,h=A l.v=0i,r.v=10 5');
  });

  it('sends on what found no match before what is newer', async () => {
    const outer = (left: string, right: string, fill: string) => `
      var l = stream|from().measurement('l').groupBy(${left})
      var r = stream|from().measurement('r').groupBy(${right})
      l|join(r).as('l', 'r').on('h').fill(${fill})
    `;
    const finerFirst = await startScript(outer("'h', 'f'", "'h'", "'null'"));
    finerFirst.write('r,h=A v=1 0\nl,h=A,f=1 v=10 0\nl,h=A,f=1 v=11 5\nr,h=A v=2 10\nl,h=A,f=1 v=12 10');
    expect(finerFirst.output).toBe(
      lines(`
      l,f=1,h=A l.v=10,r.v=1 0
      l,f=1,h=A l.v=11 5
      l,f=1,h=A l.v=12,r.v=2 10
    `),
    );
    const coarserFirst = await startScript(outer("'h'", "'h', 'f'", '0.0'));
    coarserFirst.write(
      'l,h=A v=1 0\nr,h=A,f=1 v=10 0\nr,h=A,f=1 v=11 1\nr,h=A,f=1 v=12 2\nl,h=A v=2 3\nr,h=A,f=1 v=13 3',
    );
    expect(coarserFirst.output).toBe(
      lines(`
      l,f=1,h=A l.v=1,r.v=10 0
      r,f=1,h=A l.v=0,r.v=11 1
      r,f=1,h=A l.v=0,r.v=12 2
      l,f=1,h=A l.v=2,r.v=13 3
    `),
    );
  });

  it('counts the finer groups as its own', async () => {
    const run = await startScript(script(''));
    run.write(input);
    expect(joinStats(run)['working_cardinality']).toBe(3);
  });

  it('gives nothing for a group that the coarser parent never sends', async () => {
    const run = await startScript(script(''));
    run.write('a,h=A v=0 0\nb,h=C,f=1 v=0 0\na,h=A v=1 1\nb,h=C,f=1 v=1 1');
    await run.run.dataflow.finish();
    expect(run.output).toBe('');
  });
});

describe('join of three on some of the tags', () => {
  const run = async (input: string) => {
    const started = await startScript(`
      var a = stream|from().measurement('a').groupBy('h')
      var b = stream|from().measurement('b').groupBy('h')
      var c = stream|from().measurement('c').groupBy('h', 'f')
      a|join(b, c).as('a', 'b', 'c').on('h')
    `);
    started.write(input);
    await started.run.dataflow.finish();
    return started.output;
  };
  const [a, b, c] = ['a,h=A v=1 0', 'b,h=A v=2 0', 'c,h=A,f=1 v=3 0'];

  it.each([[[a, b, c]], [[c, a, b]], [[a, c, b]], [[b, c, a]]])(
    'joins one finer and two coarser parents, whoever comes first: %j',
    async (order) => {
      expect(await run(order.join('\n'))).toBe('a,f=1,h=A a.v=1,b.v=2,c.v=3 0');
    },
  );
});

describe('join of batches', () => {
  const script = (properties: string) => `
    var a = stream|from().measurement('a')|window().period(10s).every(10s).align()
    var b = stream|from().measurement('b')|window().period(10s).every(10s).align()
    a|join(b).as('l', 'r')${properties}
  `;
  const input = `
    a v=1 1
    a v=2 2
    a v=4 4
    a v=5 11
    a v=6 21
    b v=10 1
    b v=20 3
    b v=40 4
    b v=50 12
    b v=60 21
  `;

  it('joins the points of batches of one end, and emits a batch even when nothing meets', async () => {
    const run = await startScript(script(''));
    run.write(input);
    expect(run.output).toBe(
      lines(`
      batch a 10
      a l.v=1,r.v=10 1
      a l.v=4,r.v=40 4
      batch a 20
    `),
    );
  });

  it('copies the batches of the coarser parent to the finer groups', async () => {
    const run = await startScript(`
      var a = stream|from().measurement('a').groupBy('h')|window().period(10s).every(10s).align()
      var b = stream|from().measurement('b').groupBy('h', 'f')|window().period(10s).every(10s).align()
      a|join(b).as('l', 'r').on('h')
    `);
    run.write('a,h=A v=1 1\nb,h=A,f=x v=10 1\nb,h=A,f=y v=20 1\na,h=A v=2 11\nb,h=A,f=x v=11 11\nb,h=A,f=y v=21 11');
    expect(run.output).toBe(
      lines(`
      batch a,f=x,h=A 10
      a,f=x,h=A l.v=1,r.v=10 1
      batch a,f=y,h=A 10
      a,f=y,h=A l.v=1,r.v=20 1
    `),
    );
  });

  it('fills rows that one side lacks', async () => {
    const run = await startScript(script('.fill(0.0)'));
    run.write(input);
    expect(run.output).toBe(
      lines(`
      batch a 10
      a l.v=1,r.v=10 1
      a l.v=2,r.v=0 2
      a l.v=0,r.v=20 3
      a l.v=4,r.v=40 4
      batch a 20
      a l.v=5,r.v=0 11
      a l.v=0,r.v=50 12
    `),
    );
  });
});

describe('what join holds back', () => {
  it('goes on from a snapshot as if it had never stopped', async () => {
    const script = joined(".fill('null')");
    const first = gaps.trim().split('\n');
    for (let cut = 0; cut <= first.length; cut++) {
      const before = await startScript(script);
      before.write(first.slice(0, cut).join('\n'));
      const snapshot = await before.run.dataflow.snapshot();
      const after = await startScript(script, { snapshot });
      after.write(first.slice(cut).join('\n'));
      await after.run.dataflow.finish();
      const whole = await startScript(script);
      whole.write(gaps);
      await whole.run.dataflow.finish();
      expect([before.output, after.output].filter((text) => text !== '').join('\n')).toBe(whole.output);
    }
  });
});
