import { FakePorts } from '@supercap/dataflow/testing';
import { describe, expect, it } from 'vitest';
import { lines, startScript } from '../testing';
import { convertLike } from './convert';

function withFiles(files: Readonly<Record<string, string>>): FakePorts {
  const ports = new FakePorts();
  ports.folders.set('/dir', new Map(Object.entries(files)));
  return ports;
}

async function run(properties: string, input: string, ports: FakePorts, before = '') {
  const started = await startScript(`stream|from()${before}|sideload()${properties}`, { ports });
  started.write(input);
  return started;
}

const hosts = {
  'host/a.yml': 'limit: 5.5\ncount: 3\nteam: red\n',
  'host/b.json': '{"limit": 7.25, "team": "blue"}',
  'default.yml': 'limit: 1\nteam: none\nflag: yes\n',
  'notes.txt': '{{{',
};
const order = `.source('file:///dir').order('host/{{.host}}.yml', 'host/{{.host}}.json', 'default.yml')`;

describe('sideload', () => {
  it('takes each value from the first file of the order that has it, else the default', async () => {
    const { output } = await run(
      `${order}.field('limit', 0.0).field('count', 9).field('flag', FALSE).tag('team', 'x')`,
      'm,host=a v=1 0\nm,host=b v=2 1\nm,host=c v=3 2',
      withFiles(hosts),
    );
    expect(output).toBe(
      lines(`
        m,host=a,team=red count=3i,flag=true,limit=5.5,v=1 0
        m,host=b,team=blue count=9i,flag=true,limit=7.25,v=2 1
        m,host=c,team=none count=9i,flag=true,limit=1,v=3 2
      `),
    );
  });

  it('reports a value of the wrong type for every point and uses the default', async () => {
    const started = await run(`${order}.field('team', 1.0)`, 'm,host=a v=1 0\nm,host=a v=2 1', withFiles(hosts));
    expect(started.output).toBe('m,host=a team=1,v=1 0\nm,host=a team=1,v=2 1');
    expect(started.errors).toHaveLength(2);
    expect(started.errors[0]).toMatch(/^failed to load key: /);
  });

  it('changes the group with a tag that is grouped by', async () => {
    const { run: dataflow } = await run(
      `${order}.tag('team', 'x')`,
      'm,host=a v=1 0',
      withFiles(hosts),
      `|groupBy('team')`,
    );
    expect(dataflow.data()[0]!.group.id).toBe('team=red');
  });

  it('reads its source again when told to, and keeps what it has when that fails', async () => {
    const reloads: (() => Promise<void>)[] = [];
    const ports = Object.assign(withFiles({ 'a.yml': 'x: 1' }), {
      onSideloadReload(reload: () => Promise<void>) {
        reloads.push(reload);
        return () => void reloads.pop();
      },
    });
    const started = await run(`.source('file:///dir').order('a.yml').field('x', 0)`, 'm v=1 0', ports);
    ports.folders.set('/dir', new Map([['a.yml', 'x: 2']]));
    await reloads[0]!();
    started.write('m v=2 1');
    ports.folders.clear();
    await expect(reloads[0]!()).rejects.toThrow('failed to update sideload cache for source "/dir"');
    started.write('m v=3 2');
    expect(started.output).toBe('m v=1,x=1i 0\nm v=2,x=2i 1\nm v=3,x=2i 2');
    started.run.dataflow.close();
    expect(reloads).toEqual([]);
  });

  it('asks a configured endpoint', async () => {
    const ports = new FakePorts();
    ports.endpoints.set('facts', { url: 'http://facts/', headers: { 'X-Key': 'k' } });
    ports.respond = () => ({ status: 200, body: '{"a": {"limit": 2}}' });
    const { output } = await run(`.source('facts').order('{{.host}}').field('limit', 0.0)`, 'm,host=a v=1 0', ports);
    expect(output).toBe('m,host=a limit=2,v=1 0');
    expect(ports.requests).toMatchObject([{ method: 'GET', url: 'http://facts/', headers: { 'X-Key': 'k' } }]);
  });

  it.each([
    ['', `unsupported source scheme "", must be 'file'`],
    [`.source('http://127.0.0.1/x')`, `unsupported source scheme "http", must be 'file'`],
    [`.source('file:relative')`, 'sideload source path must be absolute "relative"'],
    [`.source('file:///no')`, 'failed to update sideload cache for source "/no": lstat /no: no such file or directory'],
    [`.source('file:///dir').order('{{')`, 'template: order:1: '],
  ])('does not start with %s', async (properties, message) => {
    await expect(run(properties, '', withFiles({}))).rejects.toThrow(message);
  });

  it.each([
    [
      'a.yml',
      '{{{',
      'yaml values "/dir/a.yml": error converting YAML to JSON: yaml: line 1: did not find expected node content',
    ],
    ['a.yml', 'x: 1\ny: z: 2\n', 'yaml: line 2: mapping values are not allowed in this context'],
    ['a.yml', 'x: *y', `yaml: unknown anchor 'y' referenced`],
    ['a.yaml', '- 1', 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
    ['a.json', '{"x": ', 'json values "/dir/a.json": unexpected end of JSON input'],
    ['a.json', 'x', `json values "/dir/a.json": invalid character 'x' looking for beginning of value`],
  ])('does not start with a file %s of %j', async (name, text, cause) => {
    await expect(run(`.source('file:///dir').order('a.yml')`, '', withFiles({ [name]: text }))).rejects.toThrow(cause);
  });
});

describe('conversion of loaded values', () => {
  it.each([
    [0n, 3, 3n],
    [0n, 3.5, undefined],
    [0n, '-12', -12n],
    [0n, 'x', undefined],
    [0n, '9223372036854775808', undefined],
    [0.5, '1e3', 1000],
    [0.5, 'inf', Infinity],
    [0.5, true, undefined],
    [false, 'T', true],
    [false, 1, undefined],
    ['', 5.5, '5.5'],
    ['', false, 'false'],
    ['', null, undefined],
    ['', { a: 1 }, undefined],
  ])('like %s: %s becomes %s', (fallback, value, expected) => {
    expect(convertLike(fallback, value)).toBe(expected);
  });
});
