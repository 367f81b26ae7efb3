#!/usr/bin/env node
// Stands in for Prisma's `schema-engine` executable (PRISMA_SCHEMA_ENGINE_BINARY): its command line and its JSON-RPC on
// stdio, over the engine that npm has as WebAssembly and the `pg` driver. Nothing has to be downloaded from elsewhere.
import { readFile } from 'node:fs/promises';
import { administer } from './schema-engine/administer.mjs';
import { createEngine } from './schema-engine/engine.mjs';
import { serve } from './schema-engine/json-rpc.mjs';

const options = parseOptions(process.argv.slice(2));

if (options.version) {
  process.stdout.write('schema-engine-cli wasm\n');
} else if (options.command[0] === 'cli') {
  process.exitCode = await administer(options.command[1], options.datasource.url);
} else {
  const datamodels = await Promise.all(options.datamodels.map(async (path) => [path, await readFile(path, 'utf8')]));
  serve(createEngine(options.datasource.url, datamodels));
}

/** @param {string[]} args */
function parseOptions(args) {
  const parsed = {
    version: false,
    datamodels: /** @type {string[]} */ ([]),
    datasource: { url: '' },
    command: /** @type {string[]} */ ([]),
  };
  const rest = [...args];
  while (rest.length > 0) {
    const option = rest.shift();
    if (option === '--version') parsed.version = true;
    else if (option === '--datamodels') parsed.datamodels.push(rest.shift());
    else if (option === '--datasource') parsed.datasource = JSON.parse(rest.shift());
    else if (option === '--enabled-preview-features' || option === '--extension-types') rest.shift();
    else parsed.command.push(option);
  }
  return parsed;
}
