import { loadSettings } from '@supercap/config';
import { LIVE_SERVICE } from '@supercap/transport';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { apps, healthPaths, imageTargets, portOf, read, settingNames, urlVariable } from './known';
import { hasKubectl, parseManifests, render, schemaProblems, type Manifest } from './manifests';

const base: readonly string[] = (parse(read('deploy/k8s/base/kustomization.yaml')) as { resources: string[] })
  .resources;
const baseManifests = base.flatMap((file) => parseManifests(read(`deploy/k8s/base/${file}`)));
const settings = parseEnv(read('deploy/k8s/base/settings.env'));
const ofKind = (manifests: readonly Manifest[], kind: string) => manifests.filter((one) => one.kind === kind);
const containersOf = (manifests: readonly Manifest[]) =>
  manifests.flatMap(({ metadata, spec }) =>
    (spec?.template?.spec.containers ?? []).map((container) => ({ owner: metadata.name, container })),
  );

describe('the check of manifests', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } };

  it('finds values of the wrong type and members that do not exist', async () => {
    expect(await schemaProblems({ ...service, spec: { ports: [{ port: 1, targetPort: 'a' }] } })).toEqual([]);
    const wrongType = JSON.parse('{"ports":[{"port":"http"}]}');
    expect((await schemaProblems({ ...service, spec: wrongType }))[0]).toContain('must be integer');
    const unknown = JSON.parse('{"ports":[{"port":1,"tragetPort":2}]}');
    expect(await schemaProblems({ ...service, spec: unknown })).toEqual([
      'spec.ports.0.tragetPort is not known to the API',
    ]);
  });
});

describe('deploy/k8s/base', () => {
  it('fits the schemas of the API', async () => {
    for (const manifest of baseManifests) {
      expect(await schemaProblems(manifest), `${manifest.kind} ${manifest.metadata.name}`).toEqual([]);
    }
  });

  it('runs every service with an image that the Dockerfile makes', () => {
    expect(
      ofKind(baseManifests, 'Deployment')
        .map(({ metadata }) => metadata.name)
        .sort(),
    ).toEqual([...apps].sort());
    for (const { owner, container } of containersOf(baseManifests)) {
      expect(container.image).toBe(`supercap/${owner}`);
      expect(imageTargets).toContain(owner);
    }
  });

  it('sets only variables that the services read, to values that they accept', () => {
    const own = containersOf(baseManifests).flatMap(({ container }) => container.env ?? []);
    const names = [...Object.keys(settings), ...own.map(({ name }) => name).filter((name) => name !== 'POD_IP')];
    for (const name of names) expect(settingNames).toContain(name);
    expect(() => loadSettings(settings)).not.toThrow();
    for (const { container } of containersOf(baseManifests)) {
      expect(container.envFrom).toContainEqual({ secretRef: { name: 'supercap-stores' } });
    }
  });

  it('reaches each service where it listens', () => {
    for (const app of apps) {
      const service = ofKind(baseManifests, 'Service').find(({ metadata }) => metadata.name === app)!;
      const container = containersOf(baseManifests).find(({ owner }) => owner === app)!.container;
      const [port] = service.spec!.ports!;
      expect(port!.port).toBe(portOf(app));
      expect(container.ports).toEqual([{ name: port!.targetPort, containerPort: portOf(app) }]);
      expect(settings[urlVariable(app)]?.replace('http://', '')).toBe(`${app}:${port!.port}`);
      const policy = ofKind(baseManifests, 'NetworkPolicy').find(({ metadata }) => metadata.name === app);
      for (const { ports } of policy?.spec?.ingress ?? []) expect(ports).toEqual([{ port: portOf(app) }]);
    }
  });

  it('probes what is there', () => {
    for (const { owner, container } of containersOf(ofKind(baseManifests, 'Deployment'))) {
      const { startupProbe, readinessProbe, livenessProbe } = container;
      if (owner === 'api-gateway') {
        for (const probe of [startupProbe, readinessProbe, livenessProbe])
          expect(healthPaths).toContain(probe?.httpGet?.path);
        expect(livenessProbe?.httpGet?.path).not.toBe(readinessProbe?.httpGet?.path);
      } else {
        const live = { port: portOf(owner), service: LIVE_SERVICE };
        expect([startupProbe, readinessProbe, livenessProbe].map((probe) => probe?.grpc)).toEqual([
          live,
          { port: portOf(owner) },
          live,
        ]);
      }
    }
  });

  it('lets no container write to its image, become more than it is, or take all memory', () => {
    for (const { owner, container } of containersOf(baseManifests)) {
      expect(container.securityContext, owner).toMatchObject({
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
      });
      expect(container.resources, owner).toMatchObject({ requests: {}, limits: { memory: expect.any(String) } });
    }
  });

  it('selects pods that exist', () => {
    for (const { kind, metadata, spec } of baseManifests) {
      const labels =
        kind === 'Service' ? spec?.selector : (spec?.selector?.matchLabels ?? spec?.podSelector?.matchLabels);
      const name = labels?.['app.kubernetes.io/name'];
      if (name !== undefined) expect([...apps, 'migrate'], `${kind} ${metadata.name}`).toContain(name);
    }
    for (const { spec } of ofKind(baseManifests, 'HorizontalPodAutoscaler'))
      expect(apps).toContain(spec!.scaleTargetRef!.name);
  });
});

describe.skipIf(!hasKubectl).each(['dev', 'production'])('the overlay %s', (overlay) => {
  const manifests = hasKubectl ? render(overlay) : [];

  it('fits the schemas of the API', async () => {
    for (const manifest of manifests) {
      expect(await schemaProblems(manifest), `${manifest.kind} ${manifest.metadata.name}`).toEqual([]);
    }
  });

  it('sets only variables that the services read, and says where the stores are', () => {
    const [config] = ofKind(manifests, 'ConfigMap');
    for (const name of Object.keys(config!.data!)) expect(settingNames).toContain(name);
    expect(() => loadSettings(config!.data!)).not.toThrow();
    const secrets = ofKind(manifests, 'Secret').map(({ metadata }) => metadata.name.replace(/-[a-z0-9]{10}$/, ''));
    if (overlay === 'dev') expect(secrets).toContain('supercap-stores');
    else expect(secrets).toEqual([]);
  });

  it('gives every image a tag', () => {
    for (const { container } of containersOf(manifests)) expect(container.image).toMatch(/:[\w.-]+$/);
  });
});

describe.skipIf(!hasKubectl)('the overlay production', () => {
  it('runs several of everything that may be several, spread over nodes and zones', () => {
    const manifests = hasKubectl ? render('production') : [];
    for (const { spec } of ofKind(manifests, 'HorizontalPodAutoscaler')) expect(spec!.minReplicas).toBeGreaterThan(1);
    const spread = ofKind(manifests, 'Deployment').filter(({ spec }) => spec!.template!.spec.topologySpreadConstraints);
    expect(spread.map(({ metadata }) => metadata.name).sort()).toEqual(apps.filter((app) => app !== 'recorder').sort());
  });
});

function parseEnv(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
