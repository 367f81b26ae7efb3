import { describe, expect, it } from 'vitest';
import { lines, runChain, startScript } from '../testing';

const output = async (chain: string, input: string) => (await runChain(chain, input)).output;

describe('eval', () => {
  it('replaces the fields of a point by the results', async () => {
    expect(await output(`|eval(lambda: "a" + "b").as('sum')`, 'm,h=x a=1,b=2 0')).toBe('m,h=x sum=3 0');
  });

  it('has no results that are times', async () => {
    const run = await runChain(`|eval(lambda: "time", lambda: 1).as('t', 'one')`, 'm v=1 0');
    expect([run.output, run.errors]).toEqual([
      '',
      [expect.stringContaining('expression returned unexpected type time') as string],
    ]);
  });

  it('lets an expression use the results of those before it', async () => {
    expect(await output(`|eval(lambda: "a" * 2.0, lambda: "d" + 1.0).as('d', 'e')`, 'm a=1 0')).toBe('m d=2,e=3 0');
  });

  it('lets a field hide the result of its name once a later expression has read it', async () => {
    expect(await output(`|eval(lambda: "v" * 2.0, lambda: "v" + 1.0).as('v', 'w')`, 'm v=1 0')).toBe('m v=1,w=2 0');
    expect(await output(`|eval(lambda: "v" * 2.0).as('v').keep()`, 'm v=1,w=5 0')).toBe('m v=2,w=5 0');
  });

  it('keeps all fields, or those that are listed, wherever they come from', async () => {
    const input = 'm,host=a a=1,b=2 0';
    expect(await output(`|eval(lambda: "a" + "b").as('sum').keep()`, input)).toBe('m,host=a a=1,b=2,sum=3 0');
    expect(await output(`|eval(lambda: "a" + "b").as('sum').keep('b')`, input)).toBe('m,host=a b=2 0');
    expect(await output(`|eval(lambda: "host" + '!').as('x').keep('host', 'x')`, input)).toBe(
      'm,host=a host="a",x="a!" 0',
    );
  });

  it('turns results into tags, and changes the group with them', async () => {
    const { output: text, run } = await runChain(
      `|groupBy('host')|eval(lambda: "v" * 2.0, lambda: 'all').as('w', 'host').tags('host')`,
      'm,dc=x,host=a v=1 0',
    );
    expect(text).toBe('m,dc=x,host=all w=2 0');
    expect(run.data()[0]!.group.id).toBe('host=all');
  });

  it('gives points of one series with equal results one tag set', async () => {
    const { run } = await runChain(`|eval(lambda: 'x').as('t').tags('t')`, 'm,h=a v=1 0\nm,h=a v=2 1');
    const [first, second] = run.data();
    expect(first).toHaveProperty('tags', (second as { tags?: unknown }).tags);
    expect((first as { tags?: unknown }).tags).toBe((second as { tags?: unknown }).tags);
  });

  it('matches the recorded mix of tags and kept fields', async () => {
    expect(
      await output(
        `|eval(lambda: "v" * 2.0, lambda: "a" + 1.0, lambda: string("a")).as('a', 'b', 'c').tags('c').keep('v', 'b')`,
        'm v=1 0',
      ),
    ).toBe('m,c=2 b=3,v=1 0');
  });

  it('drops and reports a point with an expression that fails', async () => {
    const started = await runChain(`|eval(lambda: "a" + 1.0).as('r')`, 'm a=1 0\nm b=1 1');
    expect(started.output).toBe('m r=2 0');
    expect(started.errors).toEqual(['error evaluating expression: left reference value "a" is missing value']);
  });

  it('neither logs nor counts a failure when quiet', async () => {
    const started = await runChain(`|eval(lambda: "a" + 1.0).as('r').quiet()`, 'm b=1 1');
    expect(started.errors).toEqual([]);
    expect(started.run.dataflow.nodeStats()['eval2']!.errors).toBe(0);
  });

  it.each([
    [`.as('t').tags('t')`, 'result of a tag expression must be of type string, got float64'],
    [`.as('t').keep('nope')`, 'cannot keep field "nope", field does not exist'],
  ])('reports what %s cannot do', async (properties, cause) => {
    const { errors } = await runChain(`|eval(lambda: "a")${properties}`, 'm a=1 0');
    expect(errors).toEqual([`error evaluating expression: ${cause}`]);
  });

  it('keeps batches and their groups whole', async () => {
    const text = await output(
      `|groupBy('h')|window().period(2s).every(2s)|eval(lambda: 'x', lambda: "v").as('h', 'w').tags('h')`,
      'm,h=a v=1 0\nm,h=a u=1 1\nm,h=a v=3 2',
    );
    expect(text).toBe(
      lines(`
        batch m,h=a 2
        m,h=x w=1 0
      `),
    );
  });

  it('keeps the state of each expression per group, and of lambda vars for all groups, also over a restart', async () => {
    const script = `
      var c = lambda: count()
      stream|from().groupBy('h')|eval(c, lambda: c + 0).as('x', 'y')`;
    const input = ['m,h=A v=1 0', 'm,h=B v=1 1', 'm,h=A v=1 2', 'm,h=B v=1 3'];
    const before = await startScript(script);
    before.write(input.slice(0, 2).join('\n'));
    const after = await startScript(script, { snapshot: await before.run.dataflow.snapshot() });
    after.write(input.slice(2).join('\n'));
    expect(`${before.output}\n${after.output}`).toBe(
      lines(`
        m,h=A x=1i,y=1i 0
        m,h=B x=1i,y=2i 1
        m,h=A x=2i,y=3i 2
        m,h=B x=2i,y=4i 3
      `),
    );
  });

  it.each([
    [`|eval(lambda: 1, lambda: 2).as('a')`, 'got 1 as names, and 2 expressions.'],
    [`|eval(lambda: 'x').as('a').tags('b')`, 'invalid tag name "b", name is not present is .as() names'],
    [`|eval(lambda: 1, lambda: 'a' > 5).as('a', 'b')`, 'Failed to compile 1 expression: mismatched type'],
  ])('refuses %s', async (chain, message) => {
    await expect(runChain(chain, '')).rejects.toThrow(message);
  });
});
