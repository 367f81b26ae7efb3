import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client';

export type Database = PrismaClient;

/** The client of the whole process. `poolSize`: connections that it may open. */
export function openDatabase(url: string, poolSize = 10): Database {
  const pool = new pg.Pool({ connectionString: url, max: poolSize, connectionTimeoutMillis: 5000 });
  outliveErrors(pool);
  return new PrismaClient({
    adapter: new PrismaPg(pool, {
      disposeExternalPool: true,
      // Statements keep their plans: working one out anew takes longer than most of them run.
      statementNameGenerator: ({ sql }) => statementName(sql),
    }),
  });
}

/**
 * A server that dies says so more than once on a connection, at any time: an error that nobody listens for would end the
 * process. Whoever waits for an answer hears of it there.
 */
export function outliveErrors(pool: pg.Pool, told: (error: Error) => void = () => undefined): void {
  // Of connections that nobody uses; the others say it where they are used.
  pool.on('error', told);
  pool.on('connect', (client) => client.on('error', () => undefined));
}

const names = new Map<string, string>();
/** Statements are written out in the code; lists of any length in some of Prisma's own make more of them. */
const MOST_NAMES = 500;

function statementName(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) {
    if (names.size >= MOST_NAMES) names.clear();
    name = createHash('sha1').update(sql).digest('base64url');
    names.set(sql, name);
  }
  return name;
}
