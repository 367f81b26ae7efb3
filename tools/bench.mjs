// `npm run bench [-- --workload NAME --points N --runs N …]`: starts the product on free ports with an empty data folder, loads it
// with e2e/bench/load.mjs (arguments are passed on to it), and compares what it cost with what is aimed at.
// `npm run bench -- latency` measures the time from write to webhook instead, `npm run bench -- memory` what an executor
// takes, `npm run bench -- drain` how long an overload takes to be worked off, and that nothing of it is lost.
// `npm run bench -- FILE.bench.ts [ARGUMENT …]` runs what measures a part alone; without a product.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePorts } from './start/ports.mjs';
import { PlainError, runTool } from './start/say.mjs';
import { readStartSettings, root } from './start/settings.mjs';

/** Cost of a million points in units of the calibration loop, at most, at the defaults of load.mjs. */
const aims = new Map([
  ['threshold', 8],
  ['filter', 8],
  ['window', 9],
  ['sigma', 10],
  ['join', 14],
  ['fifty', 10],
]);

/** Scripts of e2e/bench by the first argument. */
const scripts = new Map([
  ['latency', 'latency.mjs'],
  ['memory', 'memory.mjs'],
  ['drain', 'drain.mjs'],
]);

await runTool(async () => {
  const [first, ...rest] = process.argv.slice(2);
  if (first?.endsWith('.bench.ts')) await runPart(first, rest);
  else if (scripts.has(first)) await benchProduct(scripts.get(first), rest);
  else await benchProduct('load.mjs', process.argv.slice(2));
});

/**
 * @param {string} file
 * @param {string[]} args
 */
async function runPart(file, args) {
  const { build } = await import('esbuild');
  const folder = mkdtempSync(join(tmpdir(), 'supercap-bench-'));
  try {
    const outfile = join(folder, 'part.cjs');
    await build({
      absWorkingDir: root,
      entryPoints: [file],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      tsconfig: 'tsconfig.base.json',
      logLevel: 'error',
    });
    const child = spawn(process.execPath, ['--expose-gc', outfile, ...args], { stdio: 'inherit' });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new PlainError(`${file} ended with exit code ${code}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} script
 * @param {string[]} args
 */
async function benchProduct(script, args) {
  const dataDir = mkdtempSync(join(tmpdir(), 'supercap-bench-'));
  const [port] = await freePorts(1);
  const env = {
    ...process.env,
    SUPERCAP_PROGRAMS_DIR: readStartSettings(process.env).programsDir,
    SUPERCAP_PORT: String(port),
    SUPERCAP_DATA_DIR: dataDir,
  };
  // Databases of its own, so that their cost is counted too.
  delete env.DATABASE_URL;
  delete env.REDIS_URL;
  const product = spawn(process.execPath, [join(root, 'tools/start.mjs')], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 2],
  });
  try {
    await untilReady(product);
    const table = await load(script, [
      '--base',
      `http://127.0.0.1:${port}`,
      ...(script === 'memory.mjs' ? ['--data', dataDir] : ['--pid', String(product.pid)]),
      ...args,
    ]);
    const verdict = compare(table);
    if (verdict.length > 0) process.stdout.write(`\n${verdict.join('\n')}\n`);
  } finally {
    if (product.exitCode === null) {
      product.kill('SIGTERM');
      await once(product, 'exit');
    }
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** @param {import('node:child_process').ChildProcess} product */
async function untilReady(product) {
  const ended = once(product, 'exit').then(() => {
    throw new PlainError('the product did not start; the reason is above');
  });
  await Promise.race([once(createInterface({ input: product.stdout }), 'line'), ended]);
  ended.catch(() => undefined); // from now on its end shows in the load
}

/**
 * @param {string} script
 * @param {string[]} args
 * @returns {Promise<string[]>} what it printed, line by line
 */
async function load(script, args) {
  const child = spawn(process.execPath, [join(root, 'e2e/bench', script), ...args], { stdio: ['ignore', 'pipe', 2] });
  const lines = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    process.stdout.write(`${line}\n`);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new PlainError(`the load ended with exit code ${code}`);
  return lines;
}

/** @param {string[]} table */
function compare(table) {
  return table.flatMap((line) => {
    const [name, , , units] = line.trim().split(/\s+/);
    const aim = aims.get(name);
    if (aim === undefined) return [];
    return [`${name.padEnd(10)} ${units} units, aim ${aim} at most: ${Number(units) <= aim ? 'met' : 'missed'}`];
  });
}
