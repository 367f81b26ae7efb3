import { declarations, loadSettings } from '@supercap/config';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8');

/** The services. */
export const apps: readonly string[] = readdirSync(`${root}/apps`).filter((app) =>
  existsSync(`${root}/apps/${app}/src/main.ts`),
);

export const urlVariable = (app: string) => `SUPERCAP_${app.toUpperCase().replaceAll('-', '_')}_URL`;

/** Every variable that a service reads. */
export const settingNames: ReadonlySet<string> = new Set(
  Object.values(declarations).flatMap((group) => Object.values(group).flatMap(({ variables }) => variables)),
);

/** Stages of the Dockerfile by name. */
export const imageTargets: ReadonlySet<string> = new Set(
  [...read('deploy/docker/Dockerfile').matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name!),
);

const defaults = loadSettings({});

/** The port of each service where nothing else is said. */
export const portOf = (app: string): number => {
  const declared = Object.values(declarations.services).find(({ variables }) => variables[0] === urlVariable(app));
  if (declared === undefined) throw new Error(`no setting for the address of ${app}`);
  return app === 'api-gateway' ? defaults.server.port : Number(declared.default.split(':').at(-1));
};

/** Patterns of the gateway's own routes of health. */
export const healthPaths: ReadonlySet<string> = new Set(
  [...read('apps/api-gateway/src/health.ts').matchAll(/route\('([^']+)'/g)].map(([, path]) => path!),
);
