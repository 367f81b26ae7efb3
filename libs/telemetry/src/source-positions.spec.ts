import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SourceMap } from 'node:module';
import { build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { inSources, sourceOf } from './source-positions';

const folder = mkdtempSync(join(tmpdir(), 'supercap-maps-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function bundle(): Promise<string> {
  writeFileSync(
    join(folder, 'thrower.ts'),
    `// One line of words.\ninterface Odd { readonly long: string }\n\nexport function fails(odd: Odd): never {\n  throw new Error(odd.long);\n}\n`,
  );
  writeFileSync(
    join(folder, 'main.ts'),
    `import { fails } from './thrower';\nexport const run = () =>\n  fails({ long: 'x' });\n`,
  );
  const outfile = join(folder, 'out', 'main.mjs');
  await build({ entryPoints: [join(folder, 'main.ts')], bundle: true, format: 'esm', sourcemap: 'linked', outfile });
  return outfile;
}

it('names the places of the sources in a trace', async () => {
  const file = await bundle();
  const script = `import { run } from ${JSON.stringify(file)}; try { run(); } catch (error) { console.log(error.stack); }`;
  // In a process of its own: the runner of the tests has looked into the maps already.
  const stack = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  const lines = inSources(stack).split('\n');
  expect(lines[1]).toMatch(/at fails \(thrower\.ts:5:\d+\)$/);
  expect(lines[2]).toMatch(/\(main\.ts:3:\d+\)$/);
});

it('leaves what it knows nothing of as it is', () => {
  const trace = 'Error: no\n    at f (/nowhere/main.mjs:3:4)\n    at node:internal/timers:588:17';
  expect(inSources(trace)).toBe(trace);
});

it('finds what the runtime finds', async () => {
  const file = await bundle();
  const payload = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as ConstructorParameters<typeof SourceMap>[0];
  const map = new SourceMap(payload);
  const lines = readFileSync(file, 'utf8').split('\n');
  let compared = 0;
  lines.forEach((text, row) => {
    for (let column = 0; column < text.length; column++) {
      const entry = map.findEntry(row, column) as {
        generatedLine?: number;
        originalSource?: string;
        originalLine?: number;
        originalColumn?: number;
      };
      if (entry.generatedLine !== row) continue;
      compared++;
      expect(sourceOf(payload, { line: row + 1, column: column + 1 })).toBe(
        `${entry.originalSource!.replace(/^(\.\.\/)+/, '')}:${entry.originalLine! + 1}:${entry.originalColumn! + 1}`,
      );
    }
  });
  expect(compared).toBeGreaterThan(50);
});
