import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root } from '../start/settings.mjs';

/** Packages that libraries look for and do well without. */
const optionalPackages = [
  '@nestjs/websockets',
  '@nestjs/websockets/*',
  '@nestjs/platform-express',
  '@fastify/static',
  '@fastify/view',
  '@fastify/multipart',
  'class-validator',
  'class-transformer',
  'class-transformer/*',
  'amqplib',
  'amqp-connection-manager',
  'cache-manager',
  '@nats-io/*',
  'nats',
  'kafkajs',
  'mqtt',
  'pg-native',
  'file-type',
  'redis',
  'bullmq-otel',
  '@valkey/*',
];

/** CommonJS packages inside a bundle expect what an ES module does not have. */
const banner = `import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __dirnameOf } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __dirnameOf(__filename);`;

/**
 * Bundles one entry point with its libraries and packages to a single file that runs without node_modules.
 * @param {string} entry path in the checkout
 * @param {string} outfile path in the checkout
 */
export async function bundle(entry, outfile) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    keepNames: true,
    // Comments with letters beyond Latin-1 alone make V8 keep the whole text at two bytes a letter.
    minifyWhitespace: true,
    external: optionalPackages,
    banner: { js: banner },
    alias: await moduleNames(),
    plugins: [decorators],
    logLevel: 'silent', // what is wrong comes as an exception
  });
  // Renamed into place: a service that starts meanwhile reads the old file or the new one.
  for (const { path, contents } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, contents);
    await rename(`${path}.new`, path);
  }
}

/** The libraries by name, from the one list that the type checker has too. */
async function moduleNames() {
  const { compilerOptions } = JSON.parse(await readFile(join(root, 'tsconfig.base.json'), 'utf8'));
  return Object.fromEntries(Object.entries(compilerOptions.paths).map(([name, [path]]) => [name, join(root, path)]));
}

/** Files that several bundles share are compiled once. @type {Map<string, Promise<{ contents: string, loader: 'js' | 'ts' }>>} */
const compiled = new Map();

/** Nest reads the types of constructor parameters at run time, which esbuild does not emit: files with decorators go through swc. */
const decorators = {
  name: 'decorators',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onLoad({ filter: /[/\\](apps|libs)[/\\].*\.ts$/ }, ({ path }) => {
      if (!compiled.has(path)) compiled.set(path, compile(path));
      return compiled.get(path);
    });
  },
};

/**
 * @param {string} path
 * @returns {Promise<{ contents: string, loader: 'js' | 'ts' }>}
 */
async function compile(path) {
  const source = await readFile(path, 'utf8');
  if (!/^\s*@\w+\s*\(/m.test(source)) return { contents: source, loader: 'ts' };
  const { transform } = await import('@swc/core');
  const { code } = await transform(source, {
    filename: path,
    swcrc: false,
    configFile: false,
    sourceMaps: 'inline',
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
      keepClassNames: true,
    },
  });
  return { contents: code, loader: 'js' };
}
