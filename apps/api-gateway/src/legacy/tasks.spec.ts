import { notFound, serverError } from '@supercap/transport';
import { describe, expect, it } from 'vitest';
import { api, refuse, task } from './testing/api';

describe('tasks of the 2016 API', () => {
  it('are defined with what is given, and only that', async () => {
    const { ask, asked } = api();
    const dbrps = '[{"db":"d","rp":"r"}]';
    expect(await ask('POST', `/task?name=a+b&type=stream&snapshot=10s&dbrps=${dbrps}`, 'stream')).toBe('200');
    expect(asked['defineTask']).toEqual({
      name: 'a b',
      type: 'stream',
      dbrps: { items: [{ db: 'd', rp: 'r' }] },
      script: 'stream',
      snapshot: 10_000_000_000n,
    });
    await ask('POST', '/task?name=&type=&dbrps=&snapshot=');
    expect(asked['defineTask']).toEqual({ name: '', type: undefined });
  });

  it('are defined with the reasons why parameters cannot be read, for the registry to tell in their turn', async () => {
    const { ask, asked } = api();
    await ask('POST', '/task?name=a&dbrps=oops&snapshot=10', 'stream');
    expect(asked['defineTask']).toMatchObject({
      dbrpsError: "invalid character 'o' looking for beginning of value",
      snapshotError: 'invalid duration',
      script: 'stream',
    });
  });

  it('have scripts of a bounded size', async () => {
    const { ask, asked } = api();
    expect(await ask('POST', '/task?name=a', 'é'.repeat(51))).toBe(
      '413 script of 102 bytes is larger than the limit of 100',
    );
    expect(await ask('POST', '/task?name=a', 'é'.repeat(50))).toBe('200');
    expect(asked['defineTask']).toMatchObject({ script: 'é'.repeat(50) });
  });

  it('are shown with every key in its place', async () => {
    const { ask } = api({ getTask: () => task });
    expect(await ask('GET', '/task?name=cpu+alert')).toBe(`200 {
    "Name": "cpu alert",
    "Type": 0,
    "DBRPs": [
        {
            "db": "d\\u003c",
            "rp": "r"
        }
    ],
    "TICKscript": "stream\\n\\t// \\u003c\\u0026\\u003e\\n",
    "Dot": "digraph cpu alert {\\n}",
    "Enabled": true,
    "Executing": false,
    "Error": "why"
}`);
  });

  it('are listed in brief, those asked for or all', async () => {
    const { ask, asked } = api({ listTasks: () => ({ tasks: [{ ...task, type: 'batch', dbrps: [] }] }) });
    expect(await ask('GET', '/tasks?tasks=a,,b')).toBe(`200 {
    "Tasks": [
        {
            "Name": "cpu alert",
            "Type": 1,
            "DBRPs": [],
            "Enabled": true,
            "Executing": false
        }
    ]
}`);
    expect(asked['listTasks']).toMatchObject({ ids: ['a', '', 'b'], limit: -1, brief: true });
    await ask('GET', '/tasks?tasks=');
    expect(asked['listTasks']).toMatchObject({ ids: [] });
  });

  it('that nobody knows are told so in the words of the time', async () => {
    const { ask } = api({
      getTask: refuse(notFound('no task exists')),
      enableTask: refuse(serverError('unknown task x')),
    });
    expect(await ask('GET', '/task')).toBe('400 must pass task name');
    expect(await ask('GET', '/task?name=x')).toBe('404 unknown task x');
    expect(await ask('POST', '/enable?name=x')).toBe('500 unknown task x');
  });

  it('are enabled, disabled and deleted with an empty answer', async () => {
    const { ask, asked } = api();
    expect(await ask('POST', '/enable?name=a')).toBe('200');
    expect(await ask('POST', '/disable')).toBe('200');
    expect(await ask('DELETE', '/task?name=b')).toBe('200');
    expect(asked).toMatchObject({ enableTask: { id: 'a' }, disableTask: { id: '' }, deleteTask: { id: 'b' } });
  });
});
