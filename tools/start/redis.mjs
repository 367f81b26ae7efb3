import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { unpackDebianPackage } from './debian-packages.mjs';
import { noRoomFor } from './disk.mjs';
import { freePorts, until } from './ports.mjs';
import { answers, endProcess, runningPid } from './processes.mjs';
import { PlainError } from './say.mjs';
import { localSecret } from './secret.mjs';
import { Supervised } from './supervised.mjs';

/**
 * Starts a Redis with its data in the data folder: the one of this machine, else one of Debian's or Ubuntu's packages,
 * else one in Docker.
 * @param {import('./settings.mjs').StartSettings} settings
 * @returns {Promise<string>} its URL
 */
export async function startRedis(settings) {
  const { dataDir, runDir } = settings;
  const data = join(dataDir, 'redis');
  const conf = join(runDir, 'redis.conf');
  const log = join(runDir, 'redis.log');
  const pidFile = join(runDir, 'redis.pid');
  const leftover = runningPid(pidFile, '-server');
  if (leftover !== undefined) await endProcess(leftover, 'SIGTERM', 5000);

  const [port] = await freePorts(1);
  const secret = localSecret(dataDir);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  closeToOthers(data);
  const server = await findServer(settings.programsDir);
  if (!server) {
    throw new PlainError(
      'there is no Redis: install redis-server (or Docker), or set REDIS_URL to a Redis of your own',
    );
  }
  const inside =
    server.kind === 'docker'
      ? { port: 6379, bind: '0.0.0.0', dir: '/data', logfile: '' }
      : { port, bind: '127.0.0.1', dir: data, logfile: log };
  writeFileSync(
    conf,
    configuration({ ...inside, secret, fsync: settings.redisFsync, maxMemory: settings.redisMaxMemory }),
    { mode: 0o600 },
  );
  writeFileSync(log, '', { mode: 0o600 });
  chmodSync(log, 0o600);

  const database = new Supervised({
    name: 'Redis',
    ...(server.kind === 'docker' ? inDocker(data, conf, port) : inPrivate(server.command, conf)),
    options: { stdio: 'ignore', env: { ...process.env, ...server.env } },
    pidFile,
    stopSignal: 'SIGTERM',
    mustWait: () => noRoomFor(data),
  });
  database.start();
  // Reading a long append-only file back takes a while.
  const ready = await until(async () => database.ends > 0 || (await greets(port, secret)), 60_000);
  if (ready && database.ends === 0) return `redis://:${secret}@127.0.0.1:${port}`;
  database.kill();
  throw new PlainError(
    `Redis did not start: ${readFileSync(log, 'utf8').trim().split('\n').at(-1) || database.lastEnd}`,
  );
}

/**
 * What is written to the log is its owner's alone, also in a folder of an earlier start.
 * @param {string} folder
 */
function closeToOthers(folder) {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) closeToOthers(path);
    else if (entry.isFile()) chmodSync(path, 0o600);
  }
}

/**
 * @param {string} programsDir
 * @returns {Promise<{ kind: 'program' | 'docker', command: string, env: Record<string, string> } | undefined>}
 */
async function findServer(programsDir) {
  const onPath = ['redis-server', 'valkey-server'].find((command) => answers(command, '--version'));
  if (onPath) return { kind: 'program', command: onPath, env: {} };
  const unpacked = await unpackDebianPackage('redis-server', programsDir);
  if (unpacked) {
    const command = unpacked.path.map((folder) => join(folder, 'redis-server')).find(existsSync);
    const env = { LD_LIBRARY_PATH: unpacked.libraryPath };
    if (command && spawnSync(command, ['--version'], { stdio: 'ignore', env: { ...process.env, ...env } }).status === 0)
      return { kind: 'program', command, env };
  }
  return answers('docker', 'info') ? { kind: 'docker', command: 'docker', env: {} } : undefined;
}

/**
 * A container lives in the engine, not below `docker run`, so it is removed by name before a new one takes its data.
 * @param {string} data
 * @param {string} conf
 * @param {number} port
 */
function inDocker(data, conf, port) {
  const name = `supercap-redis-${createHash('sha256').update(data).digest('hex').slice(0, 12)}`;
  spawnSync('docker', ['rm', '-f', name], { stdio: 'ignore' });
  const user = process.getuid ? ['--user', `${process.getuid()}:${process.getgid()}`] : [];
  return {
    command: 'docker',
    args: [
      'run',
      '--rm',
      '--init',
      '--name',
      name,
      ...user,
      '-p',
      `127.0.0.1:${port}:6379`,
      '-v',
      `${data}:/data`,
      '-v',
      `${conf}:/redis.conf:ro`,
      'redis:7',
      ...Object.values(inPrivate('redis-server', '/redis.conf')).flat(),
    ],
  };
}

/**
 * Redis gives its files modes for everybody; a mask is all that it heeds.
 * @param {string} command
 * @param {string} conf
 */
function inPrivate(command, conf) {
  return { command: 'sh', args: ['-c', 'umask 077; exec "$0" "$@"', command, conf] };
}

/** @param {{ port: number, bind: string, dir: string, logfile: string, secret: string, fsync: string, maxMemory: string }} options */
function configuration({ port, bind, dir, logfile, secret, fsync, maxMemory }) {
  return `port ${port}
bind ${bind}
requirepass ${secret}
dir ${JSON.stringify(dir)}
logfile ${JSON.stringify(logfile)}
loglevel warning
daemonize no
# The write log: what was acknowledged is on disk, and nothing is ever evicted.
appendonly yes
appendfsync ${fsync}
save ""
maxmemory ${maxMemory}
maxmemory-policy noeviction
`;
}

/**
 * Whether Redis answers, and not "LOADING".
 * @param {number} port
 * @param {string} secret
 */
function greets(port, secret) {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1', timeout: 1000 });
    let text = '';
    const answer = (value) => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', () => socket.write(`AUTH ${secret}\r\nPING\r\n`));
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.includes('+PONG')) answer(true);
      else if (text.split('\r\n').length > 2) answer(false);
    });
    for (const event of ['error', 'timeout', 'close']) socket.once(event, () => answer(false));
  });
}
