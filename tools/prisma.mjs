// `npm run prisma -- …`: Prisma's command line with the schema engine of this repository, so that none is downloaded.
// Commands that look at a database use DATABASE_URL, or an empty one that exists while they run.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from './start/postgres.mjs';
import { run } from './start/processes.mjs';
import { PlainError, runTool } from './start/say.mjs';
import { root } from './start/settings.mjs';
import { supervised } from './start/supervised.mjs';

const needNoDatabase = new Set(['generate', 'format', 'validate', 'version', '--version', '-v', '--help', '-h']);

await runTool(async () => {
  const args = process.argv.slice(2);
  if (process.env.DATABASE_URL || args.length === 0 || needNoDatabase.has(args[0]))
    await prisma(args, process.env.DATABASE_URL);
  else await withScratchDatabase((url) => prisma(args, url));
});

/**
 * @param {string[]} args
 * @param {string | undefined} databaseUrl
 */
async function prisma(args, databaseUrl) {
  const cli = createRequire(import.meta.url).resolve('prisma/build/index.js');
  const { ok, reason } = await run(process.execPath, [cli, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      ...(databaseUrl && { DATABASE_URL: databaseUrl }),
      PRISMA_SCHEMA_ENGINE_BINARY:
        process.env.PRISMA_SCHEMA_ENGINE_BINARY || fileURLToPath(new URL('schema-engine.mjs', import.meta.url)),
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  });
  if (!ok) throw new PlainError(`prisma ${args.join(' ')} failed (${reason})`);
}

/** @param {(url: string) => Promise<void>} work */
async function withScratchDatabase(work) {
  const dataDir = mkdtempSync(join(tmpdir(), 'supercap-prisma-'));
  const runDir = join(dataDir, 'run');
  mkdirSync(runDir);
  try {
    const url = await startPostgres({ dataDir, runDir });
    await work(url.replace(/[^/]*$/, 'postgres'));
  } finally {
    await Promise.all([...supervised].map((database) => database.stop(5000)));
    rmSync(dataDir, { recursive: true, force: true });
  }
}
