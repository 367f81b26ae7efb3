import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';

const charOid = 18;
const bpcharOid = 1042;

/**
 * The driver adapter for the engine, which asks more of it than queries do.
 * @param {string} url
 */
export function createAdapterFactory(url) {
  presentCharAsBpchar();
  const config = readConfig(url);
  const schema = new URL(url).searchParams.get('schema');
  const options = schema ? { schema } : undefined;
  const factory = new PrismaPg(config, options);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => reportingChar(await connect());
  factory.connectToShadowDb = () => connectToShadowDatabase(config, options);
  return factory;
}

/**
 * Separate values, since a `connectionString` would win over the database that a shadow database sets.
 * @param {string} text
 * @returns {pg.ClientConfig}
 */
function readConfig(text) {
  const url = new URL(text);
  const sslMode = url.searchParams.get('sslmode');
  const wantsTls = ['require', 'verify-ca', 'verify-full'].includes(sslMode);
  return {
    host: url.searchParams.get('host') ?? url.hostname,
    port: Number(url.port || 5432),
    database: decodeURIComponent(url.pathname.slice(1)),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    ssl: wantsTls ? { rejectUnauthorized: sslMode !== 'require' } : undefined,
  };
}

/**
 * The adapter's own way drops the shadow database while its pool is still connected to it.
 * @param {pg.ClientConfig} config
 * @param {{ schema: string } | undefined} options
 */
async function connectToShadowDatabase(config, options) {
  const database = `prisma_migrate_shadow_db_${randomUUID()}`;
  const onServer = async (sql) => {
    const client = new pg.Client(config);
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await onServer(`CREATE DATABASE "${database}"`);
  const adapter = reportingChar(await new PrismaPg({ ...config, database }, options).connect());
  const dispose = adapter.dispose.bind(adapter);
  adapter.dispose = async () => {
    await dispose();
    await onServer(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
  };
  return adapter;
}

/** Which columns of a result were "char". @type {WeakMap<object, number[]>} */
const charColumns = new WeakMap();

/**
 * The adapter rejects columns of the catalog type "char", which the engine reads from pg_catalog. It is shown bpchar
 * instead; which columns they were is remembered.
 */
function presentCharAsBpchar() {
  const addFields = pg.Result.prototype.addFields;
  pg.Result.prototype.addFields = function (fields) {
    const columns = fields.flatMap((field, i) => (field.dataTypeID === charOid ? [i] : []));
    for (const i of columns) fields[i].dataTypeID = bpcharOid;
    if (columns.length > 0) charColumns.set(this.rows, columns);
    return addFields.call(this, fields);
  };
}

/**
 * Tells the engine that those columns are characters.
 * @template {import('@prisma/driver-adapter-utils').SqlQueryable} T
 * @param {T} queryable
 * @returns {T}
 */
function reportingChar(queryable) {
  const queryRaw = queryable.queryRaw.bind(queryable);
  queryable.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const i of charColumns.get(result.rows) ?? []) result.columnTypes[i] = ColumnTypeEnum.Character;
    return result;
  };
  if ('startTransaction' in queryable) {
    const startTransaction = queryable.startTransaction.bind(queryable);
    queryable.startTransaction = async (...args) => reportingChar(await startTransaction(...args));
  }
  return queryable;
}
