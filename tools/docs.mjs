// `node tools/docs.mjs`: writes the table of the settings, made from the schema that reads them, into docs/operations.md.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from './build/bundle.mjs';
import { PlainError, runTool } from './start/say.mjs';
import { root } from './start/settings.mjs';

const file = join(root, 'docs/operations.md');
const place = /(<!-- settings: made by tools\/docs\.mjs -->\n)[\s\S]*?(<!-- \/settings -->)/;

await runTool(async () => {
  await bundle('libs/config/src/index.ts', 'dist/docs/config.mjs');
  const { settingsTable } = await import(pathToFileURL(join(root, 'dist/docs/config.mjs')).href);
  const text = await readFile(file, 'utf8');
  if (!place.test(text)) throw new PlainError('docs/operations.md has no place for the settings');
  await writeFile(
    file,
    text.replace(place, (_, begin, end) => `${begin}\n${settingsTable()}\n${end}`),
  );
});
