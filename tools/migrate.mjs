// `node tools/migrate.mjs`: applies prisma/migrations to DATABASE_URL the way `prisma migrate deploy` does, with nothing but
// `pg`, in a fraction of its time: the same table, checksums, order and lock, so that both can be used on one database.
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlainError, runTool, say } from './start/say.mjs';
import { root } from './start/settings.mjs';

/** The number of the advisory lock that Prisma's own engine takes. */
const prismaLock = 72707369;

const createTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

/**
 * Makes the database if it is missing, and applies the migrations that it lacks.
 * @param {string} databaseUrl
 * @param {string} [folder]
 * @returns {Promise<number>} how many were applied
 */
export async function migrate(databaseUrl, folder = join(root, 'prisma/migrations')) {
  const client = await connect(databaseUrl);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [prismaLock]);
    await client.query(createTable);
    const applied = await readApplied(client);
    const missing = (await readMigrations(folder)).filter(({ name, checksum }) => {
      if (applied.has(name) && applied.get(name) !== checksum)
        say(`supercap: migration ${name} was changed after it was applied`);
      return !applied.has(name);
    });
    for (const migration of missing) await apply(client, migration);
    return missing.length;
  } finally {
    await client.end();
  }
}

/** @param {string} databaseUrl */
async function connect(databaseUrl) {
  try {
    return await open(databaseUrl);
  } catch (error) {
    if (error.code !== missingDatabase) throw unreachable(databaseUrl, error);
  }
  await createDatabase(databaseUrl);
  return open(databaseUrl);
}

const missingDatabase = '3D000';
/** Another start made the database meanwhile. */
const alreadyThere = new Set(['42P04', '23505']);

/** @param {string} connectionString */
async function open(connectionString) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  await client.connect();
  return client;
}

/** @param {string} databaseUrl */
async function createDatabase(databaseUrl) {
  const url = new URL(databaseUrl);
  const name = decodeURIComponent(url.pathname.slice(1));
  url.pathname = '/postgres';
  url.searchParams.delete('schema');
  let client;
  try {
    client = await open(url.href);
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (!alreadyThere.has(error.code))
      throw new PlainError(`the database ${name} does not exist and cannot be made: ${error.message}`);
  } finally {
    await client?.end();
  }
}

/**
 * @param {string} databaseUrl
 * @param {Error & { code?: string, errors?: Error[] }} error
 */
function unreachable(databaseUrl, error) {
  const reason = error.message || error.errors?.[0]?.message || error.code;
  let where = 'DATABASE_URL';
  try {
    where = `${new URL(databaseUrl).host} (DATABASE_URL)`;
  } catch {
    // Not a URL: the reason says so.
  }
  return new PlainError(`Postgres cannot be reached at ${where}: ${reason}`);
}

/**
 * @param {import('pg').Client} client
 * @returns {Promise<Map<string, string>>} names and checksums
 */
async function readApplied(client) {
  const { rows } = await client.query(
    'SELECT migration_name, checksum, finished_at, rolled_back_at FROM _prisma_migrations',
  );
  const failed = rows.find((row) => !row.finished_at && !row.rolled_back_at);
  if (failed) {
    throw new PlainError(
      `migration ${failed.migration_name} failed before: mend it and mark it with "npm run prisma -- migrate resolve --rolled-back ${failed.migration_name}"`,
    );
  }
  return new Map(rows.filter((row) => !row.rolled_back_at).map((row) => [row.migration_name, row.checksum]));
}

/** @param {string} folder */
async function readMigrations(folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * @param {import('pg').Client} client
 * @param {{ name: string, sql: string, checksum: string }} migration
 */
async function apply(client, { name, sql, checksum }) {
  const id = randomUUID();
  await client.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
    id,
    checksum,
    name,
  ]);
  try {
    await client.query(sql);
  } catch (error) {
    await client.query('UPDATE _prisma_migrations SET logs = $2 WHERE id = $1', [id, String(error)]);
    throw new PlainError(`migration ${name} failed: ${error.message}`);
  }
  await client.query('UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1', [id]);
  say(`supercap: applied migration ${name}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runTool(async () => {
    if (!process.env.DATABASE_URL) throw new PlainError('set DATABASE_URL to the database to migrate');
    await migrate(process.env.DATABASE_URL);
  });
}
