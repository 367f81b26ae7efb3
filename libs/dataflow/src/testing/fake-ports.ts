import type { Point } from '@supercap/data-model';
import type {
  AlertEvent,
  EventState,
  HttpEndpoint,
  HttpRequest,
  HttpResponse,
  InfluxWrite,
  Ports,
} from '@supercap/pipeline';

/** Ports that note what was asked of them. */
export class FakePorts implements Ports {
  readonly requests: HttpRequest[] = [];
  readonly events: { topics: readonly string[]; event: AlertEvent }[] = [];
  readonly states = new Map<string, EventState>();
  readonly attached = new Map<string, readonly { kind: string; options: Readonly<Record<string, unknown>> }[]>();
  readonly writes: InfluxWrite[] = [];
  readonly looped: Point[] = [];
  readonly served = new Map<string, () => string>();
  readonly inhibitors = new Map<
    string,
    { category: string; tags: Readonly<Record<string, string>>; active: boolean }
  >();
  readonly folders = new Map<string, ReadonlyMap<string, string>>();
  readonly endpoints = new Map<string, HttpEndpoint>();
  readonly server = { hostname: 'localhost', clusterId: 'cluster', serverId: 'server' };
  readonly deadman = {
    id: "{{ .Group }}:NODE_NAME for task '{{ .TaskName }}'",
    message:
      '{{ .ID }} is {{ if eq .Level "OK" }}alive{{ else }}dead{{ end }}: {{ index .Fields "emitted" | printf "%0.3f" }} points/INTERVAL.',
  };
  /** What HTTP requests are answered with. */
  respond: (request: HttpRequest) => HttpResponse | Promise<HttpResponse> = () => ({ status: 200, body: '' });

  readonly http = {
    request: async (request: HttpRequest): Promise<HttpResponse> => {
      this.requests.push(request);
      return this.respond(request);
    },
  };

  readonly alerts = {
    publish: (topics: readonly string[], event: AlertEvent): void => {
      this.events.push({ topics, event });
      const { level, message, details, time, duration } = event;
      for (const topic of topics) this.states.set(`${topic}\n${event.id}`, { level, message, details, time, duration });
    },
    state: (topic: string, id: string): EventState | undefined => this.states.get(`${topic}\n${id}`),
    restore: (topic: string, id: string, state: EventState): void => {
      this.states.set(`${topic}\n${id}`, state);
    },
    attach: (
      topic: string,
      handlers: readonly { kind: string; options: Readonly<Record<string, unknown>> }[],
    ): void => {
      this.attached.set(topic, handlers);
    },
    inhibit: (source: string, category: string, tags: Readonly<Record<string, string>>, active: boolean): void => {
      this.inhibitors.set(source, { category, tags, active });
    },
    isInhibited: (category: string, tags: Readonly<Record<string, string>>): boolean =>
      [...this.inhibitors.values()].some(
        (inhibitor) =>
          inhibitor.active &&
          inhibitor.category === category &&
          Object.entries(inhibitor.tags).every(([key, value]) => (tags[key] ?? '') === value),
      ),
  };

  readonly influx = {
    require: (): void => undefined,
    write: async (write: InfluxWrite): Promise<void> => {
      this.writes.push(write);
    },
    query: async (): Promise<void> => undefined,
  };

  endpoint(name: string): HttpEndpoint | undefined {
    return this.endpoints.get(name);
  }

  serve(path: string, result: () => string): () => void {
    this.served.set(path, result);
    return () => this.served.delete(path);
  }

  loopback(points: readonly Point[]): void {
    this.looped.push(...points);
  }

  async readFolder(path: string): Promise<ReadonlyMap<string, string>> {
    const folder = this.folders.get(path);
    if (folder === undefined) throw new Error(`open ${path}: no such file or directory`);
    return folder;
  }
}
