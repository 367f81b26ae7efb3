import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

const root = (path: string) => fileURLToPath(new URL(path, import.meta.url));
// One list of module names for the type checker, the bundler and the tests.
const { compilerOptions } = JSON.parse(readFileSync(root('tsconfig.base.json'), 'utf8')) as {
  compilerOptions: { paths: Record<string, [string]> };
};
const alias = Object.entries(compilerOptions.paths).map(([name, [path]]) => ({
  find: new RegExp(`^${name}$`),
  replacement: root(path),
}));

export default defineConfig({
  plugins: [
    swc.vite({
      module: { type: 'es6' },
      tsconfigFile: false,
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        keepClassNames: true,
      },
    }),
  ],
  resolve: { alias },
  test: {
    environment: 'node',
    pool: 'threads',
    maxWorkers: 2,
    include: ['libs/**/*.spec.ts', 'apps/**/*.spec.ts', 'tools/**/*.spec.mts', 'e2e/**/*.spec.ts'],
  },
});
