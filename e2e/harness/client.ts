import type { Product } from './product';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; throws where it is none. */
  json<T = unknown>(): T;
}

export interface RequestOptions {
  readonly body?: string | Uint8Array;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

type Target = Pick<Product, 'url'>;

export async function request(
  target: Target,
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<Answer> {
  const isJson = options.json !== undefined;
  const response = await fetch(new URL(path, target.url), {
    method,
    headers: { ...(isJson && { 'content-type': 'application/json' }), ...options.headers },
    body: isJson ? JSON.stringify(options.json) : options.body,
    redirect: 'manual',
    signal: AbortSignal.timeout(options.timeoutMs ?? 30_000),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: <T>() => JSON.parse(text) as T };
}

export interface TaskDefinition {
  readonly id: string;
  readonly script: string;
  readonly type?: 'stream' | 'batch';
  readonly dbrps?: readonly { readonly db: string; readonly rp: string }[];
  readonly vars?: Readonly<Record<string, unknown>>;
  readonly status?: 'enabled' | 'disabled';
}

/** Defines a task, enabled unless said otherwise. Throws when it is refused. */
export async function define(target: Target, task: TaskDefinition): Promise<void> {
  const json = { type: 'stream', dbrps: [{ db: 'telegraf', rp: 'autogen' }], status: 'enabled', ...task };
  await accepted(request(target, 'POST', '/kapacitor/v1/tasks', { json }), `define ${task.id}`);
}

export async function enable(target: Target, id: string, status: 'enabled' | 'disabled' = 'enabled'): Promise<void> {
  await accepted(
    request(target, 'PATCH', `/kapacitor/v1/tasks/${encodeURIComponent(id)}`, { json: { status } }),
    `${status} ${id}`,
  );
}

/** Writes line protocol. Throws when it is refused. */
export async function write(
  target: Target,
  lines: string | Uint8Array,
  { db = 'telegraf', rp = 'autogen', precision = 'ns' } = {},
): Promise<void> {
  const query = new URLSearchParams({ db, rp, precision });
  await accepted(request(target, 'POST', `/kapacitor/v1/write?${query}`, { body: lines }), 'write');
}

export type NodeStats = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The counters of each node of a task. */
export async function taskStats(target: Target, id: string): Promise<NodeStats> {
  const answer = await accepted(request(target, 'GET', `/kapacitor/v1/tasks/${encodeURIComponent(id)}`), `read ${id}`);
  return answer.json<{ stats?: { 'node-stats'?: NodeStats } }>().stats?.['node-stats'] ?? {};
}

async function accepted(answering: Promise<Answer>, what: string): Promise<Answer> {
  const answer = await answering;
  if (answer.status >= 300) throw new Error(`${what}: ${answer.status} ${answer.text}`);
  return answer;
}

/** Asks until there is an answer. Throws with the last error, or with what was waited for. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  patienceMs = 20_000,
): Promise<T> {
  const end = Date.now() + patienceMs;
  for (;;) {
    let problem: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      problem = error;
    }
    if (Date.now() > end) throw new Error(`waited ${patienceMs} ms for ${what}`, { cause: problem });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
