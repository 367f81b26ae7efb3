import type { executor, registry } from '@supercap/protocol';
import { HttpError, notFound } from '@supercap/transport';
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { expect } from 'vitest';
import { Exchange, noContent, type Reply } from '../../http/exchange';
import { Query } from '../../http/query';
import { RouteTable } from '../../http/routes';
import type { ExecutorService, Registry } from '../../services';
import { legacyRoutes } from '../index';

export const task: registry.Task = {
  id: 'cpu alert',
  type: 'stream',
  templateId: '',
  dbrps: [{ db: 'd<', rp: 'r' }],
  script: 'stream\n\t// <&>\n',
  formatted: 'stream\n',
  varsJson: '{}',
  enabled: true,
  executing: false,
  error: 'why',
  created: 1n,
  modified: 1n,
  lastEnabled: 1n,
  dot: 'digraph new {}',
  legacyDot: 'digraph cpu alert {\n}',
  revision: 1,
  pipelineJson: '',
};

export const refuse = (error: Error) => () => Promise.reject(error);

/** The API over a registry and an executor that answer as given, and what they were asked. */
export function api(
  methods: Partial<Record<keyof Registry, (request: never) => unknown>> = {},
  outputs: readonly (readonly [task: string, endpoint: string, json: string])[] = [],
) {
  const asked: Record<string, unknown> = {};
  const levels: string[] = [];
  const registryService = new Proxy(methods, {
    get: (known, name: keyof Registry) => async (request: never) => {
      asked[name] = request;
      return known[name]?.(request);
    },
  }) as unknown as Registry;
  const executors = {
    httpOut: async ({ taskId, endpoint }: executor.HttpOutRequest) => {
      const [, , resultJson] = outputs.find(([task, name]) => task === taskId && name === endpoint) ?? [];
      return { found: resultJson !== undefined, resultJson: resultJson ?? '', error: '' };
    },
    httpOutPaths: async () => ({ paths: outputs.map(([taskId, endpoint]) => ({ taskId, endpoint })) }),
    figures: async () => ({ figuresJson: '[{"name":"edges","tags":{"task":"t"},"values":{"collected":3}}]' }),
  } as unknown as ExecutorService;
  const table: RouteTable = new RouteTable(
    legacyRoutes({
      registry: registryService,
      executors,
      write: () => noContent,
      version: '1',
      scriptBytes: 100,
      control: { setLogLevel: async (level) => void levels.push(level), routes: () => table },
    }),
  );
  const one = async (method: string, url: string, body: string): Promise<Reply> => {
    const at = url.indexOf('?');
    const path = at < 0 ? url : url.slice(0, at);
    const match = table.find(method, path);
    if (match === undefined) throw notFound('Not Found');
    const request = Object.assign(Readable.from(body === '' ? [] : [Buffer.from(body)]), {
      headers: {},
      complete: true,
      socket: new EventEmitter(),
    });
    const limits = { bytes: 1e6, inflatedBytes: 1e6 };
    return match.route.handler(
      new Exchange(
        method,
        path,
        new Query(at < 0 ? '' : url.slice(at + 1)),
        request as unknown as Exchange['request'],
        limits,
        match.rest,
      ),
    );
  };
  /** What a request gets: body and status, on both spellings alike. */
  const ask = async (method: string, url: string, body = ''): Promise<string> => {
    const [plain, prefixed] = await Promise.all(
      ['', '/api/v1'].map(async (prefix) => {
        try {
          const reply = await one(method, prefix + url, body);
          return `${reply.status} ${reply.body ?? ''}`.trim();
        } catch (error) {
          if (error instanceof HttpError) return `${error.status} ${error.message}`;
          throw error;
        }
      }),
    );
    expect(prefixed).toBe(plain);
    return plain!;
  };
  return { ask, asked, levels, one };
}
