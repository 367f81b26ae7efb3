import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadSettings } from '@supercap/config';
import { apps, imageTargets, portOf, read, settingNames, urlVariable } from './known';

interface Service {
  readonly image: string;
  readonly build?: { readonly target: string; readonly args: Readonly<Record<string, string>> };
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly profiles?: readonly string[];
  readonly healthcheck?: object;
  readonly mem_limit?: string;
  readonly read_only?: boolean;
}

const compose: { services: Record<string, Service>; volumes: object } = parse(read('docker-compose.yml'), {
  merge: true,
});
const dockerfile = read('deploy/docker/Dockerfile');
const own = Object.entries(compose.services).filter(([, { build }]) => build !== undefined);
const usual = Object.entries(compose.services).filter(([, { profiles }]) => profiles === undefined);

describe('docker-compose.yml', () => {
  it('runs every service and the migrations, each from a target of the Dockerfile', () => {
    expect(own.map(([name]) => name).sort()).toEqual([...apps, 'migrate'].sort());
    for (const [name, { build, image }] of own) {
      expect(imageTargets).toContain(build!.target);
      expect(build!.target).toBe(name);
      expect(image).toContain(`supercap/${name}:`);
      for (const argument of Object.keys(build!.args))
        expect(dockerfile).toMatch(new RegExp(`^ARG ${argument}\\b`, 'm'));
    }
  });

  it('sets only variables that the services read, to values that they accept', () => {
    for (const [, { environment = {} }] of own) {
      for (const name of Object.keys(environment)) expect(settingNames).toContain(name);
      const plain = Object.entries(environment).map(([name, value]) => [name, withDefaults(value)]);
      expect(() => loadSettings(Object.fromEntries(plain))).not.toThrow();
    }
  });

  it('finds each service by its name and port', () => {
    for (const [, { environment }] of own) {
      for (const app of apps)
        expect(environment![urlVariable(app)]?.replace('http://', '')).toBe(`${app}:${portOf(app)}`);
    }
  });

  it('waits only for what exists and can be waited for', () => {
    for (const { depends_on = {} } of Object.values(compose.services)) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        const other = compose.services[name]!;
        if (condition === 'service_healthy')
          expect(other.healthcheck !== undefined || apps.includes(name), name).toBe(true);
        else expect([name, condition]).toEqual(['migrate', 'service_completed_successfully']);
      }
    }
  });

  it('publishes one port, and bounds the memory of everything', () => {
    expect(usual.flatMap(([, { ports = [] }]) => ports).map(withDefaults)).toEqual([`9092:${portOf('api-gateway')}`]);
    for (const [name, { mem_limit }] of Object.entries(compose.services)) expect(mem_limit, name).toBeDefined();
    for (const [name, { read_only }] of own) expect(read_only, name).toBe(true);
  });

  it('keeps what must be kept in named volumes', () => {
    const named = usual.flatMap(([, { volumes = [] }]) => volumes).map((volume) => volume.split(':')[0]!);
    expect(named.sort()).toEqual(['database', 'log', 'recordings']);
    for (const name of named) expect(compose.volumes).toHaveProperty(name);
  });

  it('explains in .env.example only variables that something reads', () => {
    const text = read('docker-compose.yml');
    const names = [...read('.env.example').matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const isRead = settingNames.has(name) || text.includes(`\${${name}:-`) || name === 'COMPOSE_PROFILES';
      expect(isRead, name).toBe(true);
    }
  });
});

describe('the Dockerfile', () => {
  it('has a target for each service that exposes its port', () => {
    for (const app of apps) {
      const stage = dockerfile.slice(dockerfile.indexOf(`AS ${app}\n`)).split(/^FROM /m)[0]!;
      expect(stage).toContain(`ENV SUPERCAP_APP=${app}\n`);
      expect(stage).toContain(`EXPOSE ${portOf(app)}\n`);
      expect(stage).toContain(`/source/dist/apps/${app} ./`);
    }
  });

  it('asks for health at the port and path of each service', () => {
    const script = read('deploy/docker/health.mjs');
    for (const app of apps) expect(script).toContain(String(portOf(app)));
    expect(script).toContain("'/health/ready'");
  });
});

/** As compose fills in `${NAME:-default}` where nothing is set. */
function withDefaults(text: string): string {
  return text.replace(/\$\{\w+:-([^}]*)\}/g, '$1');
}
