import pg from 'pg';

/** Prisma's codes for what Postgres says. */
const errorCodes = new Map([
  ['3D000', 'P1003'],
  ['28P01', 'P1000'],
  ['42P04', 'P1009'],
]);
const unreachable = 'P1001';

/**
 * The engine's `cli` commands.
 * @param {string} command
 * @param {string} url
 * @returns {Promise<number>} the exit code
 */
export async function administer(command, url) {
  try {
    if (command === 'can-connect-to-database') await onDatabase(url, (client) => client.query('SELECT 1'));
    else if (command === 'create-database') await createDatabase(url);
    else if (command === 'drop-database')
      await onServer(url, (client, name) => client.query(`DROP DATABASE ${client.escapeIdentifier(name)}`));
    return 0;
  } catch (error) {
    const fields = {
      is_panic: false,
      error_code: errorCodes.get(error.code) ?? unreachable,
      message: String(error.message ?? error),
    };
    // The caller reads the second line and those after it.
    process.stderr.write('{"level":"INFO"}\n');
    process.stderr.write(
      `${JSON.stringify({ timestamp: new Date().toISOString(), level: 'ERROR', fields, target: 'schema_engine::logger' })}\n`,
    );
    return 1;
  }
}

/** @param {string} url */
export function createDatabase(url) {
  return onServer(url, (client, name) => client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`));
}

/**
 * @param {string} url
 * @param {(client: pg.Client, name: string) => Promise<unknown>} work
 */
function onServer(url, work) {
  const server = new URL(url);
  const name = databaseName(url);
  server.pathname = '/postgres';
  return onDatabase(server.href, (client) => work(client, name));
}

/** @param {string} url */
export const databaseName = (url) => decodeURIComponent(new URL(url).pathname.slice(1));

/**
 * @param {string} url
 * @param {(client: pg.Client) => Promise<unknown>} work
 */
async function onDatabase(url, work) {
  const plain = new URL(url);
  plain.searchParams.delete('schema'); // Prisma's own, Postgres refuses it
  const client = new pg.Client({ connectionString: plain.href });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
