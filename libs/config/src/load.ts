import { resolve } from 'node:path';
import { declarations, type Settings } from './declarations';
import { readEndpoints } from './endpoints';
import type { Setting } from './setting';

/** What is wrong with the settings, one line for each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** Reads all settings from the environment. Throws a SettingsError that names every value that is wrong. */
export function loadSettings(env: NodeJS.ProcessEnv): Settings {
  const problems: string[] = [];
  const report = (problem: string): undefined => void problems.push(problem);
  const groups = Object.entries(declarations).map(([group, members]) => [
    group,
    Object.fromEntries(Object.entries(members).map(([key, declared]) => [key, readSetting(env, declared, report)])),
  ]);
  const endpoints = readEndpoints(env, report);
  if (problems.length > 0) throw new SettingsError(problems);
  // Each value was made by the schema that its type was inferred from.
  return complete({ ...Object.fromEntries(groups), endpoints } as Settings, env);
}

function readSetting(
  env: NodeJS.ProcessEnv,
  { variables, schema, default: defaultText, secret }: Setting,
  report: (problem: string) => undefined,
): unknown {
  const variable = variables.find((name) => env[name]);
  const given = variable === undefined ? defaultText : env[variable]!;
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const shown = secret ? 'what is set is not' : `got ${JSON.stringify(given)}`;
  return report(`${variable ?? variables[0]} must be ${result.error.issues[0]!.message}, ${shown}`);
}

/** What follows from other settings where it is not set itself. */
function complete(settings: Settings, env: NodeJS.ProcessEnv): Settings {
  const { server, services, influxdb, runs } = settings;
  if (runs.tickMs * 2 > runs.leaseMs) {
    throw new SettingsError([
      `SUPERCAP_LEASE must be at least twice SUPERCAP_TICK, got ${runs.leaseMs}ms and ${runs.tickMs}ms`,
    ]);
  }
  const dataDir = resolve(server.dataDir);
  const [isSaid, hasUrl] = ['KAPACITOR_INFLUXDB_0_ENABLED', 'KAPACITOR_INFLUXDB_0_URLS_0'].map((variable) =>
    Boolean(env[variable]),
  );
  return {
    ...settings,
    services: { ...services, advertisedAddress: services.advertisedAddress || services.streamExecutor },
    server: {
      ...server,
      dataDir,
      replayDir: server.replayDir ? resolve(server.replayDir) : resolve(dataDir, 'replay'),
    },
    influxdb: { ...influxdb, enabled: isSaid ? influxdb.enabled : hasUrl === true },
  };
}

/** Where a service that is found at `address` listens: the same port, by default of the same host. */
export function listenAddress({ services }: Settings, address: string): string {
  const port = address.slice(address.lastIndexOf(':'));
  const host = services.listenHost;
  if (host === '') return address;
  return `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}${port}`;
}
