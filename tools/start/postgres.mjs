import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { postgresPackage } from './dependencies.mjs';
import { noRoomFor } from './disk.mjs';
import { postgresIdentity } from './os-user.mjs';
import { accepts, freePorts, until } from './ports.mjs';
import { endProcess, run, runningPid } from './processes.mjs';
import { PlainError, say } from './say.mjs';
import { localSecret } from './secret.mjs';
import { root } from './settings.mjs';
import { Supervised } from './supervised.mjs';

const user = 'supercap';

/**
 * Starts the embedded Postgres with its data in the data folder.
 * @param {import('./settings.mjs').StartSettings} settings
 * @returns {Promise<string>} its URL
 */
export async function startPostgres({ dataDir, runDir }) {
  const folder = postgresPackage();
  if (!folder)
    throw new PlainError(
      `there is no embedded Postgres for ${process.platform} ${process.arch}: set DATABASE_URL to a Postgres of your own`,
    );
  const data = join(dataDir, 'postgres');
  const pidFile = join(runDir, 'postgres.pid');
  await stopLeftover(pidFile, data);

  const secret = localSecret(dataDir);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const identity = postgresIdentity([data, join(folder, 'native/bin/postgres')]);
  if (identity.uid !== undefined) chownSync(data, identity.uid, identity.gid);
  const [initdb, postgres] = ['initdb', 'postgres'].map((name) => executable(join(folder, 'native/bin', name)));
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(initdb, data, identity, secret, runDir);

  const [port] = await freePorts(1);
  const log = join(runDir, 'postgres.log');
  writeFileSync(log, '');
  const output = openSync(log, 'a');
  const database = new Supervised({
    name: 'Postgres',
    ...as(identity, postgres, ['-D', data, '-p', String(port), ...flags]),
    options: {
      ...spawnAs(identity),
      cwd: root,
      stdio: ['ignore', output, output],
      env: { ...process.env, LC_ALL: 'C' },
    },
    pidFile,
    stopSignal: 'SIGINT', // "fast": open connections do not hold it up
    mustWait: () => noRoomFor(data),
  });
  database.start();
  const url = `postgresql://${user}:${secret}@127.0.0.1:${port}/supercap`;
  const ready = await until(async () => database.ends > 0 || ((await accepts(port)) && (await greets(url))), 30_000);
  if (ready && database.ends === 0) return url;
  database.kill();
  throw new PlainError(`Postgres did not start: ${lastLine(log)}`);
}

const flags = Object.entries({
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  log_min_messages: 'warning',
}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/**
 * A server that a killed supervisor left behind holds the data folder.
 * @param {string} pidFile
 * @param {string} data
 */
async function stopLeftover(pidFile, data) {
  const pid = runningPid(pidFile, data) ?? runningPid(join(data, 'postmaster.pid'), data);
  if (pid !== undefined) await endProcess(pid, 'SIGINT', 5000);
}

/**
 * @param {string} initdb
 * @param {string} data
 * @param {import('./os-user.mjs').Identity} identity
 * @param {string} secret
 * @param {string} runDir
 */
async function initialise(initdb, data, identity, secret, runDir) {
  say('supercap: preparing a database');
  const passwordFile = join(runDir, 'postgres-password');
  writeFileSync(passwordFile, `${secret}\n`, { mode: 0o600 });
  if (identity.uid !== undefined) chownSync(passwordFile, identity.uid, identity.gid);
  const options = [
    '-D',
    data,
    '-U',
    user,
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--no-locale',
    '--no-instructions',
  ];
  const { command, args } = as(identity, initdb, options);
  const stdio = /** @type {const} */ (['ignore', 'ignore', 'pipe']);
  const { ok, reason, stderr } = await run(command, args, {
    ...spawnAs(identity),
    stdio,
    env: { ...process.env, LC_ALL: 'C' },
  });
  rmSync(passwordFile);
  if (!ok)
    throw new PlainError(
      `the database in ${data} could not be prepared: ${stderr.trim().split('\n').at(-1) || reason}`,
    );
}

/**
 * @param {import('./os-user.mjs').Identity} identity
 * @param {string} command
 * @param {string[]} args
 */
function as({ prefix }, command, args) {
  const [first, ...rest] = [...prefix, command, ...args];
  return { command: first, args: rest };
}

/**
 * The user to spawn as, unless the prefix changes it.
 * @param {import('./os-user.mjs').Identity} identity
 */
function spawnAs({ uid, gid, prefix }) {
  return prefix.length > 0 ? {} : { uid, gid };
}

/** @param {string} url */
async function greets(url) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    connectionString: url.replace(/\/[^/]*$/, '/postgres'),
    connectionTimeoutMillis: 2000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * npm unpacks the programs without their mode on some systems.
 * @param {string} path
 */
function executable(path) {
  if ((statSync(path).mode & 0o111) !== 0o111) chmodSync(path, 0o755);
  return path;
}

/** @param {string} file */
function lastLine(file) {
  return readFileSync(file, 'utf8').trim().split('\n').at(-1) || 'it said nothing';
}
