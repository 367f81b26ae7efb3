// `npm run chaos [-- --seconds N --seed N --pause MS]`: random kills, pauses and failing receivers under load, for as long as
// wanted (10 minutes unless said otherwise). The seed is printed; the same one gives the same faults in the same order.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { prepareCheckout } from './start/dependencies.mjs';
import { run } from './start/processes.mjs';
import { PlainError, runTool } from './start/say.mjs';
import { root } from './start/settings.mjs';

await runTool(async () => {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '600' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      pause: { type: 'string', default: '50' },
    },
  });
  for (const [name, value] of Object.entries(values))
    if (!/^\d+$/.test(value)) throw new PlainError(`--${name} takes a whole number, got ${JSON.stringify(value)}`);
  await prepareCheckout();
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { ok, reason } = await run(
    process.execPath,
    [vitest, 'run', '--config', 'e2e/vitest.config.mts', 'e2e/chaos.e2e.ts'],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        CHAOS_SECONDS: values.seconds,
        CHAOS_SEED: values.seed,
        CHAOS_PAUSE_MS: values.pause,
      },
    },
  );
  if (!ok) throw new PlainError(`chaos ended badly (${reason}); seed ${values.seed}`);
});
