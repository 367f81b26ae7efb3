import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepareCheckout } from '../start/dependencies.mjs';
import { run } from '../start/processes.mjs';
import { PlainError, runTool, say } from '../start/say.mjs';
import { root } from '../start/settings.mjs';
import { countTests } from './count.mjs';

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {string[]} command what Node runs, below node_modules
 * @property {number} minutes at most
 * @property {boolean} [counted] whether it is a run of vitest, whose tests count one by one
 */

/** @type {Stage[]} */
const stages = [
  { name: 'lint', command: ['nx/dist/bin/nx.js', 'run', '@supercap/source:lint'], minutes: 4 },
  { name: 'format', command: ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'], minutes: 2 },
  { name: 'types', command: ['ts7/bin/tsc', '-p', 'tsconfig.json'], minutes: 2 },
  { name: 'unit', command: ['vitest/vitest.mjs', 'run'], minutes: 6, counted: true },
  {
    name: 'e2e',
    command: ['vitest/vitest.mjs', 'run', '--config', 'e2e/vitest.config.mts', '--passWithNoTests'],
    minutes: 12,
    counted: true,
  },
];

/** Runs all stages, prints the sum, and sets the exit code. */
export async function runChecks() {
  await runTool(async () => {
    const wanted = process.argv.slice(2);
    const unknown = wanted.find((name) => !stages.some((stage) => stage.name === name));
    if (unknown)
      throw new PlainError(
        `there is no stage ${JSON.stringify(unknown)}; the stages are ${stages.map(({ name }) => name).join(', ')}`,
      );
    await prepareCheckout();
    const total = { passed: 0, failed: 0, skipped: 0 };
    for (const stage of stages.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
      const counts = await runStage(stage);
      for (const key of Object.keys(total)) total[key] += counts[key];
    }
    const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
    process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
    process.exitCode = total.failed > 0 ? 1 : 0;
  });
}

/**
 * @param {Stage} stage
 * @returns {Promise<import('./count.mjs').Counts>}
 */
async function runStage({ name, command: [script, ...args], minutes, counted }) {
  say(`\n== ${name}`);
  const start = performance.now();
  const report = join(root, `dist/test-${name}.json`);
  rmSync(report, { force: true });
  const reporting = counted ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : [];
  const { ok, reason } = await run(process.execPath, [join(root, 'node_modules', script), ...args, ...reporting], {
    cwd: root,
    stdio: 'inherit',
    timeout: minutes * 60_000,
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' },
  });
  say(`== ${name}: ${ok ? 'passed' : `failed (${reason})`} after ${((performance.now() - start) / 1000).toFixed(1)} s`);
  const counts = existsSync(report)
    ? countTests(JSON.parse(readFileSync(report, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0 };
  // What fails without a failed test is a failure too: lint, an error between tests, a run that took too long.
  return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}
