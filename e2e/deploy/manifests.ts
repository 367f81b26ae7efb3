import { spawnSync } from 'node:child_process';
import { parseAllDocuments } from 'yaml';
import { root } from './known';

export interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string | number };
  readonly grpc?: { readonly port: number; readonly service?: string };
  readonly exec?: object;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly { readonly secretRef?: { name: string }; readonly configMapRef?: { name: string } }[];
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly resources?: { readonly requests?: object; readonly limits?: object };
  readonly securityContext?: { readonly readOnlyRootFilesystem?: boolean; readonly allowPrivilegeEscalation?: boolean };
}

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly selector?: Readonly<Record<string, string>> & { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly ports?: readonly { readonly port: number; readonly targetPort: string | number }[];
    readonly minReplicas?: number;
    readonly scaleTargetRef?: { readonly kind: string; readonly name: string };
    readonly podSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly ingress?: readonly { readonly ports?: readonly { readonly port: number }[] }[];
    readonly template?: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly containers: readonly Container[];
        readonly topologySpreadConstraints?: readonly object[];
      };
    };
  };
}

export const hasKubectl = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;

/** All manifests of an overlay, as they would be applied. */
export function render(overlay: string): Manifest[] {
  const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', `deploy/k8s/overlays/${overlay}`], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return parseManifests(stdout);
}

export const parseManifests = (text: string): Manifest[] =>
  parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0]!;
    const manifest = document.toJS() as Manifest;
    // kustomize breaks the lines of long secrets, which the API allows and its schema does not.
    if (manifest.kind !== 'Secret' || manifest.data === undefined) return manifest;
    const data = Object.entries(manifest.data).map(([key, value]) => [key, value.replaceAll('\n', '')]);
    return { ...manifest, data: Object.fromEntries(data) };
  });

/** Checks a manifest against the API's schema. Returns what is wrong. */
export async function schemaProblems(manifest: Manifest): Promise<string[]> {
  const models = (await import(/* @vite-ignore */ `kubernetes-models/${manifest.apiVersion}`)) as Readonly<
    Record<string, ModelType>
  >;
  const type = models[manifest.kind];
  if (type === undefined) return [`there is no ${manifest.kind} in ${manifest.apiVersion}`];
  const unread: string[] = [];
  const watched = Object.fromEntries(Object.entries(manifest).map(([key, value]) => [key, watch(value, key, unread)]));
  try {
    // Assigned, since the constructor would copy, and so read, all of it.
    Object.assign(new type({}), watched).validate();
  } catch (error) {
    return [String(error)];
  }
  return unread.filter((path) => path !== '').map((path) => `${path} is not known to the API`);
}

type ModelType = new (data: object) => { validate(): void };

/**
 * The schemas pass over members that they do not know. What they know they read: each member starts out on the list, and
 * leaves it when it is read.
 */
function watch(value: unknown, path: string, unread: string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const members = new Map(
    Object.entries(value).map(([key, member]) => {
      const place = unread.push(`${path}.${key}`) - 1;
      return [key, { place, member: watch(member, `${path}.${key}`, unread) }];
    }),
  );
  return new Proxy(value, {
    get(target, key, receiver) {
      const known = typeof key === 'string' ? members.get(key) : undefined;
      if (known === undefined) return Reflect.get(target, key, receiver);
      unread[known.place] = '';
      return known.member;
    },
  });
}
