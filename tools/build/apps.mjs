import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PlainError, say } from '../start/say.mjs';
import { root } from '../start/settings.mjs';
import { bundle } from './bundle.mjs';
import { hashInputs } from './inputs.mjs';

const record = join(root, 'dist/.build.json');

/**
 * Bundles the services whose bundle is not made of what is there now.
 * @param {string[]} names
 */
export async function buildApps(names) {
  const [inputs, built] = await Promise.all([hashInputs(), readRecord()]);
  const stale = names.filter((name) => built[name] !== inputs || !existsSync(join(root, outfileOf(name))));
  if (stale.length === 0) return;
  say(`supercap: building ${stale.join(', ')}`);
  const start = performance.now();
  await Promise.all(stale.map((name) => build(name)));
  await mkdir(join(root, 'dist'), { recursive: true });
  await writeFile(record, JSON.stringify({ ...built, ...Object.fromEntries(stale.map((name) => [name, inputs])) }));
  say(`supercap: built in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** @param {string} name */
const outfileOf = (name) => `dist/apps/${name}/main.mjs`;

/** @param {string} name */
async function build(name) {
  try {
    const source = join('apps', name, 'src');
    const threads = (await readdir(join(root, source), { recursive: true })).filter((file) =>
      file.endsWith('.thread.ts'),
    );
    await Promise.all([
      bundle(join(source, 'main.ts'), outfileOf(name)),
      // A thread of a service has a bundle of its own, beside that of the service.
      ...threads.map((file) =>
        bundle(join(source, file), `dist/apps/${name}/${basename(file).replace(/\.ts$/, '.mjs')}`),
      ),
    ]);
  } catch (error) {
    throw new PlainError(`${name} could not be built: ${error.message}`);
  }
}

/** @returns {Promise<Record<string, string>>} the hash of the inputs of each bundle in dist */
async function readRecord() {
  try {
    return JSON.parse(await readFile(record, 'utf8'));
  } catch {
    return {};
  }
}
