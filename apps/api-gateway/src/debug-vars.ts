import { formatDurationGo } from '@supercap/data-model';
import type { registry } from '@supercap/protocol';
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
export function debugVars(
  registryService: Registry,
  executors: ExecutorService,
  version: string,
  flat: boolean,
): Handler {
  return async () => {
    const [summary, { figuresJson }, { topics }] = await Promise.all([
      registryService.summary({}),
      executors.figures({ forwarded: false }).catch(() => ({ figuresJson: '[]' })),
      registryService.listTopics({ pattern: '', minLevel: 'OK' }),
    ]);
    const ids = { cluster_id: summary.clusterId, server_id: summary.serverId, host: hostname() };
    const figures = Object.fromEntries(
      [...(JSON.parse(figuresJson) as Figure[]), ...topics.map(figureOf)].map(
        ({ name, tags, values }): [string, JsonValue] => [
          randomUUID(),
          flat ? { name, tags, values } : { name, tags: { ...tags, ...ids }, values: withDurations(values) },
        ],
      ),
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

const figureOf = ({ id, collected }: registry.Topic): Figure => ({
  name: 'topics',
  tags: { id },
  values: { collected },
});

/** Durations are text here, not numbers as in the figures of a task. */
function withDurations(values: Figure['values']): Figure['values'] {
  const { avg_exec_time_ns: average } = values;
  return typeof average === 'number'
    ? { ...values, avg_exec_time_ns: formatDurationGo(BigInt(Math.round(average))) }
    : values;
}
