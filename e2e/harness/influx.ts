import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';
import { request, until } from './client';
import { programsDir, root } from './product';

/** An InfluxDB 1.x with a data folder of its own. */
export interface Influx {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the InfluxDB of this system's packages, unpacked and not installed. Undefined where there is none: tests that
 * need it are to be skipped then (`it.skipIf`).
 */
export async function needsInflux(): Promise<Influx | undefined> {
  const program = findProgram();
  if (!program) {
    process.stderr.write("InfluxDB cannot be had from this system's packages: tests that need it are skipped\n");
    return undefined;
  }
  const data = mkdtempSync(join(tmpdir(), 'supercap-influxdb-'));
  const [http, rpc] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${http}`;
  const child = spawn(program.path, ['-config', '/dev/null'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      LD_LIBRARY_PATH: program.libraryPath,
      INFLUXDB_REPORTING_DISABLED: 'true',
      INFLUXDB_BIND_ADDRESS: `127.0.0.1:${rpc}`,
      INFLUXDB_HTTP_BIND_ADDRESS: `127.0.0.1:${http}`,
      INFLUXDB_META_DIR: join(data, 'meta'),
      INFLUXDB_DATA_DIR: join(data, 'data'),
      INFLUXDB_DATA_WAL_DIR: join(data, 'wal'),
    },
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await until('InfluxDB', async () => (await request({ url }, 'GET', '/ping')).status === 204);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

function findProgram(): { path: string; libraryPath: string } | undefined {
  const answer = execFileSync(process.execPath, [join(root, 'tools/program.mjs'), 'influxdb', 'influxd'], {
    encoding: 'utf8',
    env: { ...process.env, SUPERCAP_PROGRAMS_DIR: programsDir },
  });
  return (JSON.parse(answer) as { path: string; libraryPath: string } | null) ?? undefined;
}
