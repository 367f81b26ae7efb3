import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { KAPACITOR_VERSION } from './http/dispatcher';
import type { Handler } from './http/exchange';
import { compactJson, RawJson, type JsonValue } from './http/json';
import type { ExecutorService, Registry } from './services';

interface Figure {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, JsonValue>>;
}

/** expvar: a key and its value on every line. `flat`: figures stand beside the facts (2016), else below `kapacitor`. */
export function debugVars(registryService: Registry, executors: ExecutorService, version: string, flat: boolean): Handler {
  return async () => {
    const [summary, { figuresJson }] = await Promise.all([
      registryService.summary({}),
      executors.figures({}).catch(() => ({ figuresJson: '[]' })),
    ]);
    const ids = { cluster_id: summary.clusterId, server_id: summary.serverId, host: hostname() };
    const figures = Object.fromEntries(
      (JSON.parse(figuresJson) as Figure[]).map(({ name, tags, values }): [string, JsonValue] => [
        randomUUID(),
        { name, tags: flat ? tags : { ...tags, ...ids }, values },
      ]),
    );
    const { rss, heapUsed, heapTotal } = process.memoryUsage();
    const facts: Record<string, JsonValue> = {
      ...ids,
      cmdline: ['supercap'],
      memstats: { Alloc: heapUsed, HeapAlloc: heapUsed, HeapSys: heapTotal, Sys: rss },
      num_enabled_tasks: summary.enabledTasks,
      num_subscriptions: 0,
      num_tasks: summary.tasks,
      product: 'kapacitor',
      version: KAPACITOR_VERSION,
      supercap_version: version,
      ...(flat ? figures : { platform: 'OSS', kapacitor: new RawJson(compactJson(figures)) }),
    };
    const lines = Object.keys(facts)
      .sort()
      .map((key) => `${compactJson(key)}: ${compactJson(facts[key])}`);
    return { status: 200, body: `{\n${lines.join(',\n')}\n}\n` };
  };
}
