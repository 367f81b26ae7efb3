// `npm run fuzz [-- N] [--seed S] [--only NAME]`: gives every parser N random inputs, a million unless said otherwise.
// Each `libs/*/src/**/*.fuzz.ts` exports `fuzz = { name, run(inputs, seed) }`, which throws when an input breaks a promise.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './build/bundle.mjs';
import { prepareCheckout } from './start/dependencies.mjs';
import { PlainError, runTool, say } from './start/say.mjs';
import { root } from './start/settings.mjs';

await runTool(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: 'string' }, only: { type: 'string' } },
  });
  const inputs = wholeNumber('the number of inputs', positionals[0] ?? '1000000');
  const seed = wholeNumber('--seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31)));
  await prepareCheckout();
  const suites = await Promise.all(findSuites().map(load));
  const chosen = suites
    .filter(({ name }) => !values.only || name === values.only)
    .sort((a, b) => a.name.localeCompare(b.name));
  if (chosen.length === 0)
    throw new PlainError(`there is nothing to fuzz${values.only ? ` by the name of ${values.only}` : ''}`);
  let failed = 0;
  for (const suite of chosen) if (!(await runSuite(suite, inputs, seed))) failed++;
  process.stdout.write(`${chosen.length - failed} passed, ${failed} failed\n`);
  process.exit(failed > 0 ? 1 : 0);
});

function findSuites() {
  return readdirSync(join(root, 'libs')).flatMap((lib) =>
    readdirSync(join(root, 'libs', lib), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.fuzz.ts') && !path.includes('node_modules'))
      .map((path) => `libs/${lib}/${path}`),
  );
}

/**
 * @typedef {{ name: string, run(inputs: number, seed: number): unknown }} Suite
 * @param {string} path
 * @returns {Promise<Suite>}
 */
async function load(path) {
  const outfile = `dist/fuzz/${path.replaceAll('/', '-').replace(/\.ts$/, '.mjs')}`;
  await bundle(path, outfile);
  const { fuzz } = await import(pathToFileURL(join(root, outfile)).href);
  if (typeof fuzz?.name !== 'string' || typeof fuzz.run !== 'function')
    throw new PlainError(`${path} must export fuzz = { name, run(inputs, seed) }`);
  return fuzz;
}

/**
 * @param {Suite} suite
 * @param {number} inputs
 * @param {number} seed
 */
async function runSuite({ name, run }, inputs, seed) {
  const start = performance.now();
  try {
    await run(inputs, seed);
  } catch (error) {
    process.stdout.write(`${name.padEnd(24)} failed with seed ${seed}\n`);
    say(String(error?.stack ?? error));
    return false;
  }
  const seconds = (performance.now() - start) / 1000;
  const rate = Math.round(inputs / seconds).toLocaleString('en');
  process.stdout.write(
    `${name.padEnd(24)} ${inputs.toLocaleString('en')} inputs, seed ${seed}, ${seconds.toFixed(1)} s, ${rate} inputs/s\n`,
  );
  return true;
}

/**
 * @param {string} what
 * @param {string} text
 */
function wholeNumber(what, text) {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new PlainError(`${what} must be a whole number, got ${JSON.stringify(text)}`);
}
