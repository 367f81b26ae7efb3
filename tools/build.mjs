// `npm run build [-- --app NAME …]`: bundles the services to dist/apps/<name>/main.mjs.
import { parseArgs } from 'node:util';
import { buildApps } from './build/apps.mjs';
import { PlainError, runTool } from './start/say.mjs';
import { apps } from './start/settings.mjs';

await runTool(async () => {
  const { values } = parseArgs({ options: { app: { type: 'string', multiple: true, default: apps } } });
  const unknown = values.app.find((app) => !apps.includes(app));
  if (unknown) throw new PlainError(`there is no app ${JSON.stringify(unknown)}; the apps are ${apps.join(', ')}`);
  await buildApps(values.app);
});
