// `npm run proto`: makes libs/protocol/src/generated from libs/protocol/proto (buf.yaml, buf.gen.yaml). What it makes is committed.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './start/processes.mjs';
import { PlainError, runTool } from './start/say.mjs';
import { root } from './start/settings.mjs';

await runTool(async () => {
  rmSync(join(root, 'libs/protocol/src/generated'), { recursive: true, force: true });
  const { ok } = await run(join(root, 'node_modules/.bin/buf'), ['generate'], { cwd: root, stdio: 'inherit' });
  if (!ok) throw new PlainError('the protocol could not be generated; the reason is above');
});
