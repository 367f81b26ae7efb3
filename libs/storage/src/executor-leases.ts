import pg from 'pg';
import { storable } from './storable';

/** A run of an executor that dies of it is given up after so many. */
export const MOST_FALLS = 3;

/**
 * The lease of one executor, over a connection of its own: nothing that the process does otherwise is waited for. A lease
 * that ran out and that nobody took is renewed like any other, for whoever takes runs deletes the row first.
 */
export class ExecutorLeases {
  private client: pg.Client | undefined;

  constructor(
    private readonly url: string,
    private readonly timeoutMs: number,
  ) {}

  /** False: the executor was buried. */
  async renew(id: string, leaseMs: number): Promise<boolean> {
    const text = `UPDATE executor SET expires = clock_timestamp() + make_interval(secs => $2) WHERE id = $1::uuid`;
    return (await this.query(text, [id, leaseMs / 1000])) === 1;
  }

  async register(id: string, address: string, leaseMs: number): Promise<void> {
    const text = `INSERT INTO executor (id, address, expires)
      VALUES ($1::uuid, $2, clock_timestamp() + make_interval(secs => $3))`;
    await this.query(text, [id, address, leaseMs / 1000]);
  }

  /** Its runs are free at once. */
  async unregister(id: string): Promise<void> {
    await this.query('DELETE FROM executor WHERE id = $1::uuid', [id]);
    await this.query(`SELECT pg_notify('supercap_runs', '')`, []);
  }

  /** Notes whose message holds the executor; undefined: nobody's. */
  async noteBusy(id: string, taskId: string | undefined): Promise<void> {
    await this.query('UPDATE executor SET busy_task = $2 WHERE id = $1::uuid', [id, taskId ?? null]);
  }

  /** Stops a run for what it did to its executor. */
  async ban({ taskId, epoch }: { taskId: string; epoch: bigint }, error: string): Promise<void> {
    const text = `UPDATE run SET status = 'failed', error = $3, banned = TRUE, owner_id = NULL, updated = clock_timestamp()
      WHERE task_id = $1 AND epoch = $2`;
    await this.query(text, [taskId, epoch.toString(), storable(error)]);
    await this.query(`SELECT pg_notify('supercap_run_status', $1)`, [taskId]);
  }

  async close(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  /** Rows that were changed. Connects first where it must; a connection that failed once is not used again. */
  private async query(text: string, values: readonly unknown[]): Promise<number> {
    const client = (this.client ??= await this.connect());
    try {
      return (await client.query(text, [...values])).rowCount ?? 0;
    } catch (error) {
      if (this.client === client) this.client = undefined;
      void client.end().catch(() => undefined);
      throw error;
    }
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      connectionTimeoutMillis: this.timeoutMs,
      query_timeout: this.timeoutMs,
      keepAlive: true,
    });
    client.on('error', () => {
      if (this.client === client) this.client = undefined;
    });
    await client.connect();
    return client;
  }
}
