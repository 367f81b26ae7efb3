import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeHttpClient } from './http-client';

describe('a request', () => {
  let seen: { headers: Record<string, string>; body: string }[];
  let client: NodeHttpClient;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      // Node shows each byte of a value as a character.
      const texts = Object.entries(request.headers).map(([name, value]) => {
        return [name, Buffer.from(String(value), 'latin1').toString('utf8')] as const;
      });
      seen.push({ headers: Object.fromEntries(texts), body: Buffer.concat(chunks).toString('utf8') });
      response.end('ok');
    });
  });

  beforeEach(async () => {
    seen = [];
    client = new NodeHttpClient(5000);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    client.close();
    server.close();
    await once(server, 'close');
  });

  it.each(['plain', 'tâche', 'Ωmega-1', 'ж', '任务', 'タスク', '𝒳 "q"\t'])(
    'carries the header %j as UTF-8',
    async (value) => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      for (const body of [undefined, '', 'é 任务', new TextEncoder().encode('é 任务')]) {
        await client.request({ url, headers: { 'X-Task': value }, ...(body !== undefined && { body }) });
      }
      await client.request({ url, method: 'GET', headers: { 'X-Task': value } });
      expect(seen.map(({ headers }) => headers['x-task'])).toEqual(Array(5).fill(value.trim()));
      expect(seen.map(({ body }) => body)).toEqual(['', '', 'é 任务', 'é 任务', '']);
      expect(seen[2]!.headers['content-length']).toBe(String(Buffer.byteLength('é 任务')));
    },
  );
});
