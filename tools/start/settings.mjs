import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlainError } from './say.mjs';

/** The checkout that this file belongs to. */
export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** The services, in the order in which they stop: what takes work in first, what the others need last. */
export const apps = ['api-gateway', 'recorder', 'stream-executor', 'task-registry', 'tickscript-compiler'];

export const defaults = { port: 9092, dataDir: '.data', redisFsync: 'always', redisMaxMemory: '1gb' };

/**
 * What the supervisor itself needs to know. The services read their own settings from the same environment
 * (libs/config, which also describes each of these).
 * @param {NodeJS.ProcessEnv} env
 */
export function readStartSettings(env) {
  const dataDir = resolve(env.SUPERCAP_DATA_DIR || defaults.dataDir);
  return {
    port: readPort(env.SUPERCAP_PORT),
    dataDir,
    runDir: join(dataDir, 'run'),
    /** Programs that were fetched because the machine had none; several data folders may share one. */
    programsDir: resolve(env.SUPERCAP_PROGRAMS_DIR || join(dataDir, 'programs')),
    databaseUrl: env.DATABASE_URL || undefined,
    redisUrl: env.REDIS_URL || undefined,
    redisFsync: oneOf(env.SUPERCAP_REDIS_FSYNC, 'SUPERCAP_REDIS_FSYNC', ['always', 'everysec'], defaults.redisFsync),
    redisMaxMemory: readSize(env.SUPERCAP_REDIS_MAX_MEMORY),
    prettyLogs:
      oneOf(
        env.SUPERCAP_LOG_FORMAT,
        'SUPERCAP_LOG_FORMAT',
        ['json', 'pretty'],
        process.stderr.isTTY ? 'pretty' : 'json',
      ) === 'pretty',
  };
}

/** @typedef {ReturnType<typeof readStartSettings>} StartSettings */

/** @param {string} app */
export const urlVariable = (app) => `SUPERCAP_${app.toUpperCase().replaceAll('-', '_')}_URL`;

/** @param {string | undefined} text */
function readPort(text) {
  if (!text) return defaults.port;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new PlainError(`SUPERCAP_PORT must be a port from 1 to 65535, got ${JSON.stringify(text)}`);
}

/**
 * @param {string | undefined} text
 * @returns {string} as Redis reads it too
 */
function readSize(text) {
  if (!text) return defaults.redisMaxMemory;
  if (/^\d+(b|kb|mb|gb)?$/i.test(text)) return text;
  throw new PlainError(`SUPERCAP_REDIS_MAX_MEMORY must be a size such as 512mb or 1gb, got ${JSON.stringify(text)}`);
}

/**
 * @param {string | undefined} text
 * @param {string} name
 * @param {string[]} choices
 * @param {string} fallback
 */
function oneOf(text, name, choices, fallback) {
  if (!text) return fallback;
  if (choices.includes(text)) return text;
  throw new PlainError(`${name} must be ${choices.join(' or ')}, got ${JSON.stringify(text)}`);
}
