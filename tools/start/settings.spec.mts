import { resolve } from 'node:path';
import { loadSettings } from '@supercap/config';
import { describe, expect, it } from 'vitest';
import { apps, readStartSettings, urlVariable } from './settings.mjs';

describe('the settings of the supervisor', () => {
  it('have the defaults that the services have', () => {
    const { server, stores } = loadSettings({});
    const start = readStartSettings({});
    expect(start).toMatchObject({ port: server.port, dataDir: resolve(server.dataDir), redisFsync: stores.redisFsync });
    expect(loadSettings({ SUPERCAP_REDIS_MAX_MEMORY: start.redisMaxMemory }).stores.redisMaxMemory).toBe(
      stores.redisMaxMemory,
    );
  });

  it('name the addresses of the services as the services do', () => {
    const env = Object.fromEntries(
      apps.map((app, i) => [urlVariable(app), app === 'api-gateway' ? 'http://h:1' : `h:${i + 1}`]),
    );
    const { listenHost: _host, advertisedAddress, ...addresses } = loadSettings(env).services;
    expect(Object.values(addresses).sort()).toEqual(Object.values(env).sort());
    expect(Object.values(env)).toContain(advertisedAddress);
  });

  it.each([
    ['SUPERCAP_PORT', '0', 'SUPERCAP_PORT must be a port from 1 to 65535, got "0"'],
    ['SUPERCAP_REDIS_FSYNC', 'never', 'SUPERCAP_REDIS_FSYNC must be always or everysec, got "never"'],
    [
      'SUPERCAP_REDIS_MAX_MEMORY',
      '1gb\nsave 1 1',
      'SUPERCAP_REDIS_MAX_MEMORY must be a size such as 512mb or 1gb, got "1gb\\nsave 1 1"',
    ],
  ])('refuse %s=%s', (name, value, message) => {
    expect(() => readStartSettings({ [name]: value })).toThrow(message);
  });
});
