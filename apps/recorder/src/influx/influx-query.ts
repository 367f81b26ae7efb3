import type { Settings } from '@supercap/config';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** One series of a result. */
export interface ResultSeries {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

export interface InfluxQueries {
  /** Throws what is wrong with the cluster. */
  require(cluster: string, unconfigured: string): void;
  /** Throws InfluxDB's own error, or why there was no answer. */
  query(text: string, signal: AbortSignal): Promise<ResultSeries[]>;
}

/** Larger results are refused: they are read as a whole. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Queries over HTTP. */
export class InfluxQuery implements InfluxQueries {
  constructor(private readonly settings: Settings['influxdb']) {}

  require(cluster: string, unconfigured: string): void {
    if (!this.settings.enabled) throw new Error(unconfigured);
    if (cluster !== '' && cluster !== this.settings.name) throw new Error(`no such InfluxDB config ${cluster}`);
  }

  async query(text: string, signal: AbortSignal): Promise<ResultSeries[]> {
    const { status, body } = await this.post(new URLSearchParams({ db: '', q: text }), signal);
    const answer = readAnswer(body);
    if (answer === undefined) throw new Error(`InfluxDB answered ${status} without a result`);
    const error = answer.error ?? answer.results?.find((result) => result.error !== undefined)?.error;
    if (error !== undefined) throw new Error(error);
    if (status >= 300) throw new Error(`InfluxDB answered ${status}`);
    return (answer.results ?? [])
      .flatMap(({ series }) => series ?? [])
      .map(({ name, tags, columns, values }) => ({
        name: name ?? '',
        tags: tags ?? {},
        columns: columns ?? [],
        values: values ?? [],
      }));
  }

  private post(query: URLSearchParams, signal: AbortSignal): Promise<{ status: number; body: string }> {
    const { url: base, timeoutMs, insecureSkipVerify } = this.settings;
    const url = new URL(`${String(base).replace(/\/+$/, '')}/query?${query.toString()}`);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const request = send(
        url,
        {
          method: 'POST',
          headers: this.authorization(),
          signal: timeoutMs > 0 ? AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) : signal,
          ...(url.protocol === 'https:' && { rejectUnauthorized: !insecureSkipVerify }),
        },
        (response) => {
          const pieces: Buffer[] = [];
          let size = 0;
          response.on('data', (piece: Buffer) => {
            size += piece.length;
            if (size > MOST_BYTES)
              response.destroy(new Error(`the result is larger than ${MOST_BYTES} bytes: ask for less at a time`));
            else pieces.push(piece);
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces).toString('utf8') }),
          );
          response.on('error', reject);
        },
      );
      request.on('error', (error) => {
        reject(
          error.name === 'TimeoutError' || error.name === 'AbortError'
            ? new Error('InfluxDB did not answer in time')
            : error,
        );
      });
      request.end();
    });
  }

  private authorization(): Record<string, string> {
    const { username, password, token } = this.settings;
    if (token !== '') return { Authorization: `Token ${token}` };
    if (username === '') return {};
    return { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  }
}

/** Undefined for what is no JSON object. */
function readAnswer(body: string): Answer | undefined {
  try {
    const answer = JSON.parse(body) as unknown;
    return typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

interface Answer {
  readonly error?: string;
  readonly results?: readonly {
    readonly error?: string;
    readonly series?: readonly Partial<ResultSeries>[];
  }[];
}
