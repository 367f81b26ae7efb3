import { randomUUID } from 'node:crypto';
import type { Database } from './database';

/** Facts about this installation that never change once they are known. */
export class FactStore {
  constructor(private readonly db: Database) {}

  /** The ids that clients know the installation by; made when it is first started. */
  async server(): Promise<{ clusterId: string; serverId: string }> {
    const [clusterId, serverId] = [await this.fact('cluster-id'), await this.fact('server-id')];
    return { clusterId, serverId };
  }

  private async fact(key: string): Promise<string> {
    const rows = await this.db.$queryRaw<{ value: string }[]>`
      WITH made AS (INSERT INTO fact (key, value) VALUES (${key}, ${randomUUID()}) ON CONFLICT DO NOTHING RETURNING value)
      SELECT value FROM made UNION ALL SELECT value FROM fact WHERE key = ${key} LIMIT 1`;
    return rows[0]?.value ?? this.fact(key);
  }
}
