import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { declarations, listenAddress, loadSettings, SettingsError, settingsTable } from './index';

function problems(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe('settings', () => {
  it('has a default for everything', () => {
    const settings = loadSettings({});
    expect(settings.server).toMatchObject({
      port: 9092,
      dataDir: resolve('.data'),
      replayDir: resolve('.data/replay'),
      logLevel: 'info',
    });
    expect(settings.runs).toMatchObject({ leaseMs: 4000, tickMs: 1000, snapshotIntervalMs: 10_000 });
    expect(settings.limits).toMatchObject({ bodyBytes: 25 * 1024 ** 2, scriptBytes: 1024 ** 2, nameBytes: 1024 });
    expect(settings.deadman.interval).toBe(10_000_000_000n);
    expect(settings.influxdb.enabled).toBe(false);
    expect(settings.endpoints.size).toBe(0);
  });

  it('listens where a service is found, unless it is told another host', () => {
    const listensAt = (env: NodeJS.ProcessEnv) => listenAddress(loadSettings(env), 'recorder:9196');
    expect(listensAt({})).toBe('recorder:9196');
    expect(listensAt({ SUPERCAP_LISTEN_HOST: '0.0.0.0' })).toBe('0.0.0.0:9196');
    expect(listensAt({ SUPERCAP_LISTEN_HOST: '::' })).toBe('[::]:9196');
  });

  it('advertises an executor under its URL, unless it is told another address', () => {
    const advertised = (env: NodeJS.ProcessEnv) => loadSettings(env).services.advertisedAddress;
    expect(advertised({ SUPERCAP_STREAM_EXECUTOR_URL: 'executors:9195' })).toBe('executors:9195');
    expect(
      advertised({ SUPERCAP_STREAM_EXECUTOR_URL: 'executors:9195', SUPERCAP_ADVERTISED_ADDRESS: '10.0.0.7:9195' }),
    ).toBe('10.0.0.7:9195');
  });

  it('takes its own variable before that of Kapacitor, and passes over empty ones', () => {
    expect(loadSettings({ KAPACITOR_LOGGING_LEVEL: 'DEBUG' }).server.logLevel).toBe('debug');
    expect(loadSettings({ KAPACITOR_LOGGING_LEVEL: 'DEBUG', SUPERCAP_LOG_LEVEL: 'error' }).server.logLevel).toBe(
      'error',
    );
    expect(loadSettings({ KAPACITOR_LOGGING_LEVEL: 'DEBUG', SUPERCAP_LOG_LEVEL: '' }).server.logLevel).toBe('debug');
    expect(loadSettings({ SUPERCAP_PORT: '' }).server.port).toBe(9092);
  });

  it('names every value that is wrong, what it must be and what it was', () => {
    expect(
      problems({
        SUPERCAP_PORT: '99999',
        SUPERCAP_LIMIT_BODY: 'much',
        SUPERCAP_LEASE: '-1s',
        KAPACITOR_DEADMAN_GLOBAL: 'yes',
      }),
    ).toEqual([
      'SUPERCAP_PORT must be a port from 1 to 65535, got "99999"',
      'SUPERCAP_LEASE must be a duration of at least 1ms, such as 500ms or 10s, got "-1s"',
      'SUPERCAP_LIMIT_BODY must be a size such as 512kb, 25mb or 1gb, got "much"',
      'KAPACITOR_DEADMAN_GLOBAL must be true or false, got "yes"',
    ]);
  });

  it('does not repeat a secret that is wrong', () => {
    const [problem] = problems({ DATABASE_URL: 'mysql://me:hunter2@db' });
    expect(problem).toBe(
      'DATABASE_URL must be a URL that begins with postgres:// or postgresql://, what is set is not',
    );
  });

  it('refuses a lease that one missed tick would lose', () => {
    expect(problems({ SUPERCAP_LEASE: '1s', SUPERCAP_TICK: '1s' })).toEqual([
      'SUPERCAP_LEASE must be at least twice SUPERCAP_TICK, got 1000ms and 1000ms',
    ]);
  });

  it.each([
    [{ KAPACITOR_INFLUXDB_0_URLS_0: 'http://influxdb:8086' }, true],
    [{ KAPACITOR_INFLUXDB_0_URLS_0: 'http://influxdb:8086', KAPACITOR_INFLUXDB_0_ENABLED: 'false' }, false],
    [{ KAPACITOR_INFLUXDB_0_ENABLED: '1' }, true],
    [{ KAPACITOR_INFLUXDB_0_USERNAME: 'me' }, false],
  ])('with %j InfluxDB is enabled: %s', (env, enabled) => {
    expect(loadSettings(env).influxdb.enabled).toBe(enabled);
  });

  it.each([
    ['1', 1],
    ['0x10', 16],
    ['2kb', 2048],
    ['1GB', 1024 ** 3],
  ])('reads the size %s', (text, size) => {
    if (/^0x/.test(text)) expect(loadSettings({ SUPERCAP_LIMIT_GROUPS: text }).limits.groupsPerTask).toBe(size);
    else expect(loadSettings({ SUPERCAP_LIMIT_BODY: text }).limits.bodyBytes).toBe(size);
  });

  it('gives settings or a sentence, whatever the environment holds', () => {
    const names = Object.values(declarations).flatMap((members) =>
      Object.values(members).flatMap(({ variables }) => variables),
    );
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(...names, 'KAPACITOR_HTTPPOST_0_URL', 'KAPACITOR_HTTPPOST_1_ENDPOINT'),
          fc.string(),
        ),
        (env) => {
          for (const problem of problems(env)) expect(problem).toMatch(/^[A-Z_0-9]+ must be .+/);
        },
      ),
    );
  });
});

describe('endpoints', () => {
  it('are read by number, with headers, authentication and templates', () => {
    const folder = mkdtempSync(join(tmpdir(), 'supercap-config-'));
    const file = join(folder, 'row.tmpl');
    writeFileSync(file, '{{ .Name }}');
    const { endpoints } = loadSettings({
      KAPACITOR_HTTPPOST_0_ENDPOINT: 'a',
      KAPACITOR_HTTPPOST_0_URL: 'http://a/',
      KAPACITOR_HTTPPOST_0_HEADERS_X_Token: 't',
      KAPACITOR_HTTPPOST_0_BASIC_AUTH_USERNAME: 'me',
      KAPACITOR_HTTPPOST_0_BASIC_AUTH_PASSWORD: 'pw',
      KAPACITOR_HTTPPOST_0_ALERT_TEMPLATE: '{{ .ID }}',
      KAPACITOR_HTTPPOST_0_ROW_TEMPLATE_FILE: file,
      KAPACITOR_HTTPPOST_7_ENDPOINT: 'b',
      KAPACITOR_HTTPPOST_7_URL: 'http://b/',
      // Half of the credentials are none.
      KAPACITOR_HTTPPOST_7_BASIC_AUTH_USERNAME: 'me',
    });
    rmSync(folder, { recursive: true });
    expect([...endpoints]).toEqual([
      [
        'a',
        {
          url: 'http://a/',
          headers: { X_Token: 't' },
          basicAuth: { username: 'me', password: 'pw' },
          alertTemplate: '{{ .ID }}',
          rowTemplate: '{{ .Name }}',
        },
      ],
      ['b', { url: 'http://b/', headers: {} }],
    ]);
  });

  it.each([
    [{ URL: 'http://a' }, 'KAPACITOR_HTTPPOST_0_ENDPOINT must be the name of the endpoint, it is not set'],
    [{ ENDPOINT: 'a', URL: 'x y' }, 'KAPACITOR_HTTPPOST_0_URL must be a URL, got "x y"'],
    [
      { ENDPOINT: 'a', URL: 'http://a', ROW_TEMPLATE_FILE: 'x' },
      'KAPACITOR_HTTPPOST_0_ROW_TEMPLATE_FILE must be an absolute path, got "x"',
    ],
    [
      { ENDPOINT: 'a', URL: 'http://a', ROW_TEMPLATE: 'x', ROW_TEMPLATE_FILE: '/x' },
      'KAPACITOR_HTTPPOST_0_ROW_TEMPLATE and KAPACITOR_HTTPPOST_0_ROW_TEMPLATE_FILE must not both be set',
    ],
  ])('refuses %j', (section, problem) => {
    const env = Object.fromEntries(
      Object.entries(section).map(([key, value]) => [`KAPACITOR_HTTPPOST_0_${key}`, value]),
    );
    expect(problems(env)).toEqual([problem]);
  });
});

describe('the table of settings', () => {
  it('has a row for every variable, its default and its meaning, and no secret default of a user', () => {
    const table = settingsTable();
    for (const members of Object.values(declarations)) {
      for (const { variables } of Object.values(members)) expect(table).toContain(`\`${variables[0]}\``);
    }
    expect(table).toContain('| `SUPERCAP_LOG_LEVEL`, else `KAPACITOR_LOGGING_LEVEL` | `info` |');
    expect(
      table
        .split('\n')
        .filter((line) => line.startsWith('| '))
        .every((line) => line.replaceAll('\\|', '').split('|').length === 5),
    ).toBe(true);
  });
});
