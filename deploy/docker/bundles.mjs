// `node deploy/docker/bundles.mjs`: makes all that the images hold of this checkout: dist/apps/<app> and dist/migrate.
import { buildApps } from '../../tools/build/apps.mjs';
import { bundle } from '../../tools/build/bundle.mjs';
import { prepareCheckout } from '../../tools/start/dependencies.mjs';
import { runTool } from '../../tools/start/say.mjs';
import { apps } from '../../tools/start/settings.mjs';

await runTool(async () => {
  await prepareCheckout();
  await buildApps(apps);
  await bundle('tools/migrate.mjs', 'dist/migrate/main.mjs');
});
