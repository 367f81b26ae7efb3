import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';

/** A `[[httppost]]` endpoint, which scripts and handlers name. */
export interface Endpoint {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly basicAuth?: { readonly username: string; readonly password: string };
  readonly alertTemplate?: string;
  readonly rowTemplate?: string;
}

const prefix = 'KAPACITOR_HTTPPOST_';

/** What may follow `KAPACITOR_HTTPPOST_<n>_`, for the documentation. */
export const endpointVariables: readonly (readonly [suffix: string, description: string, secret: boolean])[] = [
  ['ENDPOINT', 'Name of the endpoint in scripts and handlers.', false],
  ['URL', 'Where it posts to.', false],
  ['HEADERS_<name>', 'A header of its requests; the name as it stands.', true],
  ['BASIC_AUTH_USERNAME', 'User for basic authentication, which needs the password, too.', false],
  ['BASIC_AUTH_PASSWORD', 'Password of that user.', true],
  ['ALERT_TEMPLATE', 'Template of the body for alerts.', false],
  ['ALERT_TEMPLATE_FILE', 'File that holds that template.', false],
  ['ROW_TEMPLATE', 'Template of the body for httpPost nodes.', false],
  ['ROW_TEMPLATE_FILE', 'File that holds that template.', false],
];

type Report = (problem: string) => undefined;

/** Reads the endpoints of the environment. `report` is told of each one that is wrong, which is then left out. */
export function readEndpoints(env: NodeJS.ProcessEnv, report: Report): ReadonlyMap<string, Endpoint> {
  const endpoints = new Map<string, Endpoint>();
  for (const [index, section] of sections(env)) {
    const endpoint = readEndpoint(`${prefix}${index}_`, section, report);
    if (!endpoint) continue;
    const name = section.get('ENDPOINT')!;
    if (endpoints.has(name))
      report(`${prefix}${index}_ENDPOINT must be unique, there is another endpoint ${JSON.stringify(name)}`);
    else endpoints.set(name, endpoint);
  }
  return endpoints;
}

/** The variables of each endpoint by what follows its number. */
function sections(env: NodeJS.ProcessEnv): [number, Map<string, string>][] {
  const found = new Map<number, Map<string, string>>();
  for (const [variable, value] of Object.entries(env)) {
    const [, index, suffix] = /^KAPACITOR_HTTPPOST_(\d+)_(.+)$/.exec(variable) ?? [];
    if (index === undefined || suffix === undefined || !value) continue;
    const section = found.get(Number(index)) ?? new Map<string, string>();
    section.set(suffix, value);
    found.set(Number(index), section);
  }
  return [...found].sort(([a], [b]) => a - b);
}

function readEndpoint(name: string, section: ReadonlyMap<string, string>, report: Report): Endpoint | undefined {
  const address = section.get('URL') ?? '';
  if (!section.has('ENDPOINT')) return report(`${name}ENDPOINT must be the name of the endpoint, it is not set`);
  if (!URL.canParse(address)) return report(`${name}URL must be a URL, got ${JSON.stringify(address)}`);
  const headers = Object.fromEntries(
    [...section]
      .filter(([suffix]) => suffix.startsWith('HEADERS_'))
      .map(([suffix, value]) => [suffix.slice('HEADERS_'.length), value]),
  );
  const forbidden = Object.keys(headers).find((header) => header.toLowerCase() === 'authenticate');
  if (forbidden)
    return report(`${name}HEADERS_${forbidden} is not allowed: set BASIC_AUTH_USERNAME and BASIC_AUTH_PASSWORD`);
  const username = section.get('BASIC_AUTH_USERNAME');
  const password = section.get('BASIC_AUTH_PASSWORD');
  const alertTemplate = readTemplate(name, 'ALERT_TEMPLATE', section, report);
  const rowTemplate = readTemplate(name, 'ROW_TEMPLATE', section, report);
  return {
    url: address,
    headers,
    ...(username !== undefined && password !== undefined && { basicAuth: { username, password } }),
    ...(alertTemplate !== undefined && { alertTemplate }),
    ...(rowTemplate !== undefined && { rowTemplate }),
  };
}

function readTemplate(
  name: string,
  key: string,
  section: ReadonlyMap<string, string>,
  report: Report,
): string | undefined {
  const inline = section.get(key);
  const file = section.get(`${key}_FILE`);
  if (file === undefined) return inline;
  if (inline !== undefined) return report(`${name}${key} and ${name}${key}_FILE must not both be set`);
  if (!isAbsolute(file)) return report(`${name}${key}_FILE must be an absolute path, got ${JSON.stringify(file)}`);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return report(`${name}${key}_FILE cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
