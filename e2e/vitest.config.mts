import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import unit from '../vitest.config.mts';

// The product runs on the same machine: one file at a time, with patience.
export default defineConfig({
  ...unit,
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    ...unit.test,
    include: ['e2e/**/*.e2e.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 180_000,
  },
});
