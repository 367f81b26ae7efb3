import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../start/settings.mjs';

const folders = ['apps', 'libs', 'tools/build', 'tools/migrate.mjs'];
const files = ['package-lock.json', 'tsconfig.base.json'];
const isInput = /(?<!\.(spec|fuzz))\.(ts|tsx|mjs|json|js|wasm|html|css|svg)$/;

/**
 * A hash over everything that a bundle is made of.
 * @returns {Promise<string>}
 */
export async function hashInputs() {
  const paths = [...files, ...(await Promise.all(folders.map(filesBelow))).flat()].sort();
  const contents = await Promise.all(paths.map((path) => readFile(join(root, path))));
  const hash = createHash('sha256').update(process.versions.node);
  paths.forEach((path, i) => hash.update(`\0${path}\0`).update(contents[i]));
  return hash.digest('hex');
}

/**
 * @param {string} path in the checkout
 * @returns {Promise<string[]>}
 */
async function filesBelow(path) {
  if (path.endsWith('.mjs')) return [path];
  const entries = await readdir(join(root, path), { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter((entry) => entry.name !== 'node_modules' && entry.name !== 'dist' && !entry.name.startsWith('.'))
      .map((entry) => {
        const inside = `${path}/${entry.name}`;
        if (entry.isDirectory()) return filesBelow(inside);
        return isInput.test(entry.name) ? [inside] : [];
      }),
  );
  return found.flat();
}
