import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { answers } from './processes.mjs';
import { PlainError } from './say.mjs';

/** Capability bits of Linux that let a process enter folders that are closed to it; the weakest first. */
const enterAnything = [
  ['dac_read_search', 2],
  ['dac_override', 1],
];

/**
 * How to run Postgres, which refuses to run as root: as itself for an ordinary user; for root as the OS user `postgres`.
 * @typedef {object} Identity
 * @property {number} [uid]
 * @property {number} [gid]
 * @property {string[]} prefix a command that goes before the program's own
 */

/**
 * @param {string[]} paths what the user must be able to reach
 * @returns {Identity}
 */
export function postgresIdentity(paths) {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const { uid, gid } = findUser() ?? createUser();
  const closed = paths.map(closedParent).find((folder) => folder !== undefined);
  if (closed === undefined) return { uid, gid, prefix: [] };
  return { uid, gid, prefix: enteringPrefix(uid, gid, closed) };
}

function findUser() {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  if (uid.status !== 0 || gid.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

function createUser() {
  spawnSync('groupadd', ['--system', 'postgres'], { stdio: 'ignore' });
  spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', '-g', 'postgres', 'postgres'], {
    stdio: 'ignore',
  });
  const user = findUser();
  if (user) return user;
  throw new PlainError(
    'Postgres does not run as root, and the OS user postgres could not be created: run supercap as an ordinary user, or set DATABASE_URL',
  );
}

/**
 * The first folder on the way to a path that other users may not enter, as a folder of `mktemp -d` or root's home.
 * @param {string} path
 */
function closedParent(path) {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * Nothing outside the data folder is changed for a closed folder; the server gets the one right to pass through it.
 * @param {number} uid
 * @param {number} gid
 * @param {string} closed
 */
function enteringPrefix(uid, gid, closed) {
  const bounds = BigInt(`0x${/^CapBnd:\s*(\w+)/m.exec(readStatus())?.[1] ?? '0'}`);
  for (const [name, bit] of enterAnything) {
    const prefix = [
      'setpriv',
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      '--securebits=+no_setuid_fixup',
      `--inh-caps=+${name}`,
      `--ambient-caps=+${name}`,
    ];
    if ((bounds >> BigInt(bit)) & 1n && answers(prefix[0], ...prefix.slice(1), 'true')) return prefix;
  }
  throw new PlainError(
    `the OS user postgres may not enter ${closed}: open it (chmod o+x), use another SUPERCAP_DATA_DIR, or set DATABASE_URL`,
  );
}

function readStatus() {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return '';
  }
}
