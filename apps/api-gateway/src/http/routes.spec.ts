import { describe, expect, it } from 'vitest';
import { legacySurface, RouteTable, type Method, type Route } from './routes';

const route = (method: Method, pattern: string): Route => ({
  surface: legacySurface,
  method,
  pattern,
  handler: () => ({ status: 200 }),
  kind: 'test',
});

describe('the table of routes', () => {
  const table = new RouteTable([
    route('GET', '/api/v1/'),
    route('GET', '/api/v1/task/'),
    route('GET', '/api/v1/task'),
    route('POST', '/api/v1/task'),
    route('GET', '/api/v1/tasks'),
  ]);
  const found = (method: string, path: string) => {
    const match = table.find(method, path);
    return match && [match.route.pattern, match.rest];
  };

  it('prefers the exact path to every prefix', () => {
    expect(found('GET', '/api/v1/tasks')).toEqual(['/api/v1/tasks', '']);
    expect(found('GET', '/api/v1/task')).toEqual(['/api/v1/task', '']);
  });

  it('prefers the longest prefix, and gives what is left over', () => {
    expect(found('GET', '/api/v1/task/a/b')).toEqual(['/api/v1/task/', 'a/b']);
    expect(found('GET', '/api/v1/t/avg')).toEqual(['/api/v1/', 't/avg']);
    expect(found('GET', '/api/v1/tasks/')).toEqual(['/api/v1/', 'tasks/']);
  });

  it('knows a path only with its method and in its case', () => {
    expect(found('DELETE', '/api/v1/task')).toBeUndefined();
    expect(found('POST', '/api/v1/task/')).toBeUndefined();
    expect(found('HEAD', '/api/v1/tasks')).toBeUndefined();
    expect(found('GET', '/API/v1/tasks')).toBeUndefined();
  });

  it('refuses to be made with a route twice', () => {
    expect(() => new RouteTable([route('GET', '/a'), route('GET', '/a')])).toThrow('route GET /a is registered twice');
  });
});
