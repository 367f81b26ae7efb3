import { mkdirSync, readdirSync } from 'node:fs';
import http from 'node:http';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../migrate.mjs';
import { build, prepareCheckout } from './dependencies.mjs';
import { printLog } from './log-lines.mjs';
import { accepts, freePorts, isFree, until } from './ports.mjs';
import { startPostgres } from './postgres.mjs';
import { endProcess, endSteps, parentOf, removePid, runningPid, writePid } from './processes.mjs';
import { startRedis } from './redis.mjs';
import { outliveOutput, PlainError, runTool, say } from './say.mjs';
import { apps, readStartSettings, root, urlVariable } from './settings.mjs';
import { Supervised, supervised } from './supervised.mjs';

const readyPatience = 60_000;
/** A service that ended this often before it was ready will not become so. */
const triesAtStart = 3;

/** Phases of a stop and their patience in milliseconds: 9 s in all, then nothing is left. */
const stopOrder = [
  { apps: ['api-gateway'], patience: 2000 },
  { apps: ['recorder', 'stream-executor'], patience: 3500 },
  { apps: ['task-registry', 'tickscript-compiler'], patience: 1000 },
];
const databasePatience = 2500;

/** @type {Map<string, Supervised>} */
const services = new Map();
/** @type {Promise<void> | undefined} the stop, once it began */
let stopped;

/** Starts the product and keeps it running until a signal comes. */
export async function runProduct() {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => void stopOnSignal());
  process.on('SIGHUP', () => say('supercap: SIGHUP is ignored: there is no folder to load anew'));
  outliveOutput();
  process.on('exit', () => {
    endSteps();
    for (const one of supervised) one.kill();
  });
  await runTool(async () => {
    try {
      await start(process.env);
    } catch (error) {
      if (stopped) return void (await stopped);
      await stopAll();
      throw error;
    }
  });
}

/** @param {NodeJS.ProcessEnv} env */
async function start(env) {
  const settings = readStartSettings(env);
  takeDataFolder(settings.runDir);
  await endLeftovers(settings.runDir);
  if (!(await isFree(settings.port))) {
    throw new PlainError(`port ${settings.port} is taken: stop what listens there, or set SUPERCAP_PORT to another`);
  }
  followNpm();

  await prepareCheckout();
  await build();

  // One after the other: both may make the secret of the data folder.
  const databaseUrl = settings.databaseUrl ?? (await startPostgres(settings));
  const redisUrl = settings.redisUrl ?? (await startRedis(settings));
  await migrate(databaseUrl);
  if (settings.redisUrl) await requireRedis(settings.redisUrl);

  const url = `http://127.0.0.1:${settings.port}`;
  const addresses = await serviceAddresses(env, url);
  const serviceEnv = {
    ...env,
    ...addresses,
    NODE_ENV: env.NODE_ENV ?? 'production',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    SUPERCAP_PORT: String(settings.port),
    SUPERCAP_DATA_DIR: settings.dataDir,
  };
  for (const app of apps) startService(app, serviceEnv, settings);
  await waitUntilReady(url, addresses);
  process.stdout.write(`supercap is ready at ${url}\n`);
}

/** @param {string} runDir */
function takeDataFolder(runDir) {
  try {
    mkdirSync(runDir, { recursive: true });
  } catch (error) {
    throw new PlainError(`the data folder cannot be made: ${error.message}`);
  }
  const file = join(runDir, 'supervisor.pid');
  const other = runningPid(file, 'start.mjs');
  if (other !== undefined)
    throw new PlainError(
      `supercap runs on this data folder already (process ${other}): stop it, or set SUPERCAP_DATA_DIR to another`,
    );
  writePid(file, process.pid);
  process.on('exit', () => removePid(file));
}

/** npm that is killed cannot pass the signal on. We are its child, or that of a shell between us, which would stay. */
function followNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const ancestors = () => [process.ppid, parentOf(process.ppid)].join();
  const atStart = ancestors();
  setInterval(() => {
    if (ancestors() !== atStart) void stopOnSignal();
  }, 1000).unref();
}

/**
 * Where each service listens and is found. An address from the environment wins.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} gatewayUrl
 */
async function serviceAddresses(env, gatewayUrl) {
  const behind = apps.filter((app) => app !== 'api-gateway');
  const ports = await freePorts(behind.length);
  const addresses = behind.map((app, i) => [urlVariable(app), env[urlVariable(app)] || `127.0.0.1:${ports[i]}`]);
  return Object.fromEntries([[urlVariable('api-gateway'), gatewayUrl], ...addresses]);
}

/**
 * Services of a killed supervisor end by themselves, but take a moment to drain.
 * @param {string} runDir
 */
async function endLeftovers(runDir) {
  await Promise.all(
    readdirSync(runDir).map(async (file) => {
      const app = apps.find((name) => file === `${name}.pid`);
      const pid = app && runningPid(join(runDir, file), mainOf(app));
      if (pid !== undefined) await endProcess(pid, 'SIGTERM', 5000);
    }),
  );
}

/**
 * As in deploy/docker/Dockerfile. Bodies and log entries are buffers outside the heap, and count against its first
 * limit: with the small one that a young heap has, the collector marks all of it again for every few megabytes of them.
 */
const nodeOptions = ['--initial-old-space-size=256'];

/**
 * The share of the machine's memory that the heap of a service may take. Left to itself, each of them would take half.
 * @type {Record<string, number>}
 */
const heapShares = { 'stream-executor': 0.35, 'api-gateway': 0.15, recorder: 0.15 };
const smallestHeap = 512;

/** @param {string} app */
function heapOption(app) {
  // Who says how much it is to be in the options of Node knows better.
  if (process.env['NODE_OPTIONS']?.includes('--max-old-space-size')) return [];
  // 0 or more than there is: nothing limits the container.
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  const megabytes = Math.min(limit, totalmem()) / 2 ** 20;
  return [`--max-old-space-size=${Math.max(smallestHeap, Math.floor(megabytes * (heapShares[app] ?? 0.1)))}`];
}

/** The C library gives every thread a heap of its own, and what one of them has freed stays with it. */
const nodeEnvironment = { MALLOC_ARENA_MAX: '2' };

/** @param {string} app */
const mainOf = (app) => join(root, 'dist/apps', app, 'main.mjs');

/**
 * @param {string} app
 * @param {NodeJS.ProcessEnv} env
 * @param {import('./settings.mjs').StartSettings} settings
 */
function startService(app, env, { runDir, prettyLogs }) {
  const output = prettyLogs ? 'pipe' : 2;
  const service = new Supervised({
    name: app,
    command: process.execPath,
    args: [
      ...nodeOptions,
      ...heapOption(app),
      '--import',
      new URL('follow-parent.mjs', import.meta.url).href,
      mainOf(app),
    ],
    options: { cwd: root, env: { ...nodeEnvironment, ...env }, stdio: ['ignore', output, output, 'ipc'] },
    pidFile: join(runDir, `${app}.pid`),
    stopSignal: 'SIGTERM',
    onSpawn(child) {
      printLog(app, child.stdout);
      printLog(app, child.stderr);
    },
  });
  services.set(app, service);
  service.start();
}

/**
 * @param {string} url
 * @param {Record<string, string>} addresses
 */
async function waitUntilReady(url, addresses) {
  const waitingFor = new Set(apps);
  const check = async (app) => {
    const address = addresses[urlVariable(app)];
    const isReady = app === 'api-gateway' ? await answersPing(url) : await acceptsAt(address);
    if (isReady) waitingFor.delete(app);
  };
  const ready = await until(async () => {
    for (const service of services.values()) {
      if (service.ends >= triesAtStart)
        throw new PlainError(`${service.name} does not start (${service.lastEnd}); what it said is above`);
    }
    await Promise.all([...waitingFor].map(check));
    return waitingFor.size === 0;
  }, readyPatience);
  if (!ready)
    throw new PlainError(`not ready after ${readyPatience / 1000} s: ${[...waitingFor].join(' and ')} did not answer`);
}

/** @param {string} address */
function acceptsAt(address) {
  const { hostname, port } = new URL(address.includes('://') ? address : `grpc://${address}`);
  return accepts(Number(port), hostname);
}

/** @param {string} url */
function answersPing(url) {
  return new Promise((resolve) => {
    const request = http.get(`${url}/kapacitor/v1/ping`, { agent: false, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 204);
    });
    request.on('error', () => resolve(false));
    request.on('timeout', () => request.destroy());
  });
}

/** @param {string} redisUrl */
async function requireRedis(redisUrl) {
  const { hostname, port } = new URL(redisUrl);
  if (await accepts(Number(port || 6379), hostname)) return;
  throw new PlainError(`Redis does not answer at ${hostname}:${port || 6379} (REDIS_URL)`);
}

async function stopOnSignal() {
  // Asked twice: whoever asks does not want to wait.
  if (stopped) process.exit(1);
  await stopAll();
  process.exit(0);
}

function stopAll() {
  stopped ??= stopInOrder();
  return stopped;
}

async function stopInOrder() {
  endSteps();
  for (const { apps: names, patience } of stopOrder) {
    await Promise.all(names.map((name) => services.get(name)?.stop(patience)));
  }
  // What is left are the databases.
  await Promise.all([...supervised].map((database) => database.stop(databasePatience)));
}
