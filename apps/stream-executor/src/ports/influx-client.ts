import { MILLISECOND } from '@supercap/data-model';
import { StartError, type HttpClient, type InfluxPort, type InfluxWrite } from '@supercap/pipeline';
import { gzip } from 'node:zlib';
import { promisify } from 'node:util';

export interface InfluxCluster {
  readonly name: string;
  readonly urls: readonly string[];
  readonly username: string;
  readonly password: string;
  readonly token: string;
  readonly isDefault: boolean;
  /** 0: as long as any request. */
  readonly timeoutMs: number;
  readonly insecureSkipVerify: boolean;
  readonly compression: 'gzip' | 'none';
}

const compress = promisify(gzip);
const ATTEMPTS = 4;
const FIRST_RETRY_MS = 250;

/** Writes of influxDBOut nodes. A write is tried a few times: it is the same however often it arrives. */
export class InfluxClient implements InfluxPort {
  constructor(
    private readonly clusters: readonly InfluxCluster[],
    private readonly http: HttpClient,
  ) {}

  require(cluster: string): void {
    if (this.clusters.length === 0) {
      throw new StartError('no InfluxDB cluster configured cannot use the InfluxDBOutNode');
    }
    if (this.find(cluster) === undefined) {
      throw new StartError(`failed to get InfluxDB client: no such InfluxDB config ${cluster}`);
    }
  }

  async write({ cluster, db, rp, precision, consistency, body }: InfluxWrite): Promise<void> {
    const query = new URLSearchParams({ consistency, db, precision: precision === '' ? 'ns' : precision, rp });
    const zipped = this.clusterOf(cluster).compression === 'gzip';
    await this.send(
      cluster,
      `/write?${query.toString()}`,
      zipped ? await compress(body) : body,
      zipped ? { 'Content-Encoding': 'gzip' } : {},
    );
  }

  async query(cluster: string, query: string): Promise<void> {
    const answer = await this.send(cluster, `/query?${new URLSearchParams({ db: '', q: query }).toString()}`, '', {});
    const problem = errorText(answer);
    if (problem !== undefined) throw new Error(problem);
  }

  /** The body of the answer. */
  private async send(
    name: string,
    path: string,
    body: string | Uint8Array,
    headers: Record<string, string>,
  ): Promise<string> {
    const cluster = this.clusterOf(name);
    let problem = 'no URL configured';
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, FIRST_RETRY_MS * 2 ** (attempt - 1)));
      const url = cluster.urls[attempt % cluster.urls.length];
      if (url === undefined) break;
      try {
        const response = await this.http.request({
          url: `${url.replace(/\/+$/, '')}${path}`,
          headers: { ...headers, ...authorization(cluster) },
          body,
          ...(cluster.timeoutMs > 0 && { timeout: BigInt(cluster.timeoutMs) * MILLISECOND }),
          ...(cluster.insecureSkipVerify && { skipTlsVerification: true }),
        });
        if (response.status >= 200 && response.status < 300) return response.body;
        problem = errorText(response.body) ?? `InfluxDB answered ${response.status}`;
        if (response.status < 500 && response.status !== 429 && response.status !== 408) break;
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
      }
    }
    throw new Error(problem);
  }

  private clusterOf(name: string): InfluxCluster {
    const cluster = this.find(name);
    if (cluster === undefined) throw new Error(`no such InfluxDB config ${name}`);
    return cluster;
  }

  private find(name: string): InfluxCluster | undefined {
    return name === ''
      ? (this.clusters.find(({ isDefault }) => isDefault) ?? this.clusters[0])
      : this.clusters.find((cluster) => cluster.name === name);
  }
}

function authorization({ username, password, token }: InfluxCluster): Record<string, string> {
  if (token !== '') return { Authorization: `Token ${token}` };
  if (username === '') return {};
  return { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** The error of an answer as a whole, or of one of its statements. */
function errorText(body: string): string | undefined {
  try {
    const answer = JSON.parse(body) as { error?: unknown; results?: { error?: unknown }[] } | null;
    const texts = [answer?.error, ...(answer?.results ?? []).map((result) => result.error)];
    return texts.find((text): text is string => typeof text === 'string');
  } catch {
    return undefined;
  }
}
