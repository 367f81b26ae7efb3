import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { answers, run } from './processes.mjs';
import { say } from './say.mjs';

/**
 * @typedef {object} Programs programs that were unpacked, and how to run them
 * @property {string[]} path folders that hold them
 * @property {string} libraryPath value for LD_LIBRARY_PATH
 */

/**
 * Fetches a package of Debian or Ubuntu, with whatever it needs that this machine lacks, and unpacks all of it into a
 * folder. Nothing is installed: apt keeps its lists and its downloads in that folder too, and no script of a package runs.
 * @param {string} name
 * @param {string} programsDir
 * @returns {Promise<Programs | undefined>} undefined where it cannot be had
 */
export async function unpackDebianPackage(name, programsDir) {
  const folder = join(programsDir, name);
  if (!existsSync(folder)) {
    if (!answers('apt-get', '--version') || !answers('dpkg', '--version')) return undefined;
    say(`supercap: fetching ${name} from this system's packages`);
    if (!(await fetchInto(folder, name, programsDir))) return undefined;
  }
  return {
    path: ['usr/bin', 'usr/sbin', 'bin', 'sbin'].map((part) => join(folder, part)),
    libraryPath: [...libraryFolders(join(folder, 'usr/lib')), ...libraryFolders(join(folder, 'lib'))].join(delimiter),
  };
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {string} programsDir
 */
async function fetchInto(folder, name, programsDir) {
  // Made under another name and then renamed: a start beside this one sees all of it or nothing.
  const work = join(programsDir, `.${name}-${process.pid}`);
  const archives = join(work, 'cache/archives');
  mkdirSync(join(archives, 'partial'), { recursive: true });
  mkdirSync(join(work, 'state/lists/partial'), { recursive: true });
  const succeeds = async (command, ...args) => (await run(command, args, { stdio: 'ignore', timeout: 120_000 })).ok;
  const apt = (...args) => succeeds('apt-get', ...aptOptions(work), ...args);
  try {
    // One repository out of several may be away, so what counts is whether the package comes.
    await apt('update');
    if (!(await apt('install', '--yes', '--no-install-recommends', '--download-only', name))) return false;
    const unpacked = join(work, 'root');
    for (const file of readdirSync(archives).filter((entry) => entry.endsWith('.deb'))) {
      if (!(await succeeds('dpkg', '-x', join(archives, file), unpacked))) return false;
    }
    if (!existsSync(unpacked)) return false;
    if (!existsSync(folder)) renameSync(unpacked, folder);
    return true;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} work */
function aptOptions(work) {
  return Object.entries({
    'Dir::State': join(work, 'state'),
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': join(work, 'cache'),
    'APT::Sandbox::User': 'root', // apt's own user could not write here
    'Debug::NoLocking': '1', // the system's locks guard what is not touched
    'Acquire::Languages': 'none',
    'Acquire::Retries': '1',
    'Acquire::http::Timeout': '15',
    'Acquire::https::Timeout': '15',
  }).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
}

/** @param {string} folder */
function libraryFolders(folder) {
  if (!existsSync(folder)) return [];
  return [
    folder,
    ...readdirSync(folder)
      .filter((entry) => /-linux-/.test(entry))
      .map((entry) => join(folder, entry)),
  ];
}
