import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { createAdapterFactory } from './adapter.mjs';
import { createDatabase, databaseName } from './administer.mjs';

/**
 * The engine's methods, by name. It is loaded with the first call that needs it.
 * @param {string} url
 * @param {string[][]} datamodels pairs of path and text
 * @returns {(method: string, params: unknown) => Promise<unknown>}
 */
export function createEngine(url, datamodels) {
  let loading;
  return async (method, params) => {
    if (method === 'createDatabase') {
      await createDatabase(url).catch(ignoreExisting);
      return { databaseName: databaseName(url) };
    }
    loading ??= load(url, datamodels);
    const engine = await loading;
    if (typeof engine[method] !== 'function') throw new Error(`the schema engine has no method ${method}`);
    return (await engine[method](params)) ?? null;
  };
}

/**
 * @param {string} url
 * @param {string[][]} datamodels
 */
async function load(url, datamodels) {
  reportPanics();
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const bindings = await import(pathToFileURL(join(folder, 'schema_engine_bg.js')).href);
  const { instance } = await WebAssembly.instantiate(await readFile(join(folder, 'schema_engine_bg.wasm')), {
    './schema_engine_bg.js': bindings,
  });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const log = (line) => process.env.DEBUG && process.stderr.write(`${line}\n`);
  const adapters = bindMigrationAwareSqlAdapterFactory(createAdapterFactory(url));
  return bindings.SchemaEngine.new({ datamodels: datamodels.length > 0 ? datamodels : undefined }, log, adapters);
}

/** The engine looks for this object when it panics. */
function reportPanics() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    message: '',
    get() {
      return this.message;
    },
    set_message(message) {
      this.message = message;
      process.stderr.write(`the schema engine panicked: ${message}\n`);
    },
  };
}

/** @param {Error & { code?: string }} error */
function ignoreExisting(error) {
  if (error.code !== '42P04') throw error;
}
