import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client';

export type Database = PrismaClient;

/** The client of the whole process. `poolSize`: connections that it may open. */
export function openDatabase(url: string, poolSize = 10): Database {
  return new PrismaClient({
    adapter: new PrismaPg(
      { connectionString: url, max: poolSize, connectionTimeoutMillis: 5000 },
      // Statements keep their plans: working one out anew takes longer than most of them run.
      { statementNameGenerator: ({ sql }) => statementName(sql) },
    ),
  });
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
