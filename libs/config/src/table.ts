import { declarations } from './declarations';
import { endpointVariables } from './endpoints';
import type { Setting } from './setting';

const headings: Readonly<Record<keyof typeof declarations, string>> = {
  server: 'Server',
  stores: 'Postgres and Redis',
  services: 'Services',
  runs: 'Task runs and deliveries',
  limits: 'Limits',
  influxdb: 'InfluxDB',
  deadman: "Deadman's switch",
};

/** All settings as markdown, for the documentation. */
export function settingsTable(): string {
  const groups = Object.entries(declarations).map(([group, members]) =>
    section(headings[group as keyof typeof declarations], Object.values<Setting>(members).map(row)),
  );
  const endpoints = endpointVariables.map(([suffix, description, secret]) =>
    cells([`\`KAPACITOR_HTTPPOST_<n>_${suffix}\``, '', mark(description, secret)]),
  );
  return [...groups, section('HTTP endpoints', endpoints)].join('\n');
}

const section = (heading: string, rows: readonly string[]) =>
  `### ${heading}\n\n| variable | default | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;

function row({ variables, default: defaultText, description, secret }: Setting): string {
  const names = variables.map((name) => `\`${name}\``).join(', else ');
  return cells([names, defaultText === '' ? '' : `\`${defaultText}\``, mark(description, secret)]);
}

const cells = (texts: readonly string[]) => `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;

const mark = (description: string, secret: boolean) => (secret ? `${description} Secret.` : description);
