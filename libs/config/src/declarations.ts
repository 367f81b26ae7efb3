import type { Endpoint } from './endpoints';
import {
  address,
  boolean,
  bytes,
  bytesOrAuto,
  choice,
  count,
  duration,
  milliseconds,
  number,
  port,
  text,
  url,
} from './kinds';
import { secretSetting, setting, type Setting } from './setting';

/** Every setting with one name. Endpoints, of which there may be many, are read by endpoints.ts. */
export const declarations = {
  server: {
    host: setting('SUPERCAP_HOST', text, '0.0.0.0', 'Address of the machine that the API listens on.'),
    port: setting('SUPERCAP_PORT', port, '9092', 'Port of the API.'),
    dataDir: setting(
      'SUPERCAP_DATA_DIR',
      text,
      '.data',
      'Folder that holds everything that is kept outside the databases.',
    ),
    replayDir: setting(
      ['SUPERCAP_REPLAY_DIR', 'KAPACITOR_REPLAY_DIR'],
      text,
      '',
      'Folder of the recordings; `replay` in the data folder when empty.',
    ),
    hostname: setting('KAPACITOR_HOSTNAME', text, 'localhost', 'Name under which InfluxDB reaches this server.'),
    logLevel: setting(
      ['SUPERCAP_LOG_LEVEL', 'KAPACITOR_LOGGING_LEVEL'],
      choice('debug', 'info', 'warn', 'error', 'off'),
      'info',
      'What is logged: `debug`, `info`, `warn`, `error` or `off`.',
    ),
    logFormat: setting(
      'SUPERCAP_LOG_FORMAT',
      choice('json', 'pretty', ''),
      '',
      'How `npm start` shows the logs: `json`, or `pretty` as on a terminal.',
    ),
    defaultRetentionPolicy: setting(
      'KAPACITOR_DEFAULT_RETENTION_POLICY',
      text,
      '',
      'Retention policy of points that are written without one.',
    ),
  },
  stores: {
    databaseUrl: secretSetting(
      'DATABASE_URL',
      url('postgres:', 'postgresql:'),
      'postgresql://supercap:supercap@127.0.0.1:5432/supercap',
      'Postgres. `npm start` brings up its own when this is not set.',
    ),
    databaseConnections: setting(
      'SUPERCAP_DATABASE_CONNECTIONS',
      count(),
      '10',
      'Connections to Postgres that each process may open.',
    ),
    redisUrl: secretSetting(
      'REDIS_URL',
      url('redis:', 'rediss:'),
      'redis://127.0.0.1:6379',
      'Redis, which holds the write log and the queues. `npm start` brings up its own when this is not set.',
    ),
    redisFsync: setting(
      'SUPERCAP_REDIS_FSYNC',
      choice('always', 'everysec'),
      'always',
      'When the Redis of `npm start` writes to disk. `everysec` is faster, but loses acknowledged points when Redis is killed under load.',
    ),
    redisMaxMemory: setting(
      'SUPERCAP_REDIS_MAX_MEMORY',
      bytes,
      '1gb',
      'Memory of the Redis of `npm start`; keep it well above the size of the write log.',
    ),
    programsDir: setting(
      'SUPERCAP_PROGRAMS_DIR',
      text,
      '',
      'Folder for programs that `npm start` fetches where the machine lacks them; `programs` in the data folder when empty.',
    ),
  },
  services: {
    apiGateway: setting(
      'SUPERCAP_API_GATEWAY_URL',
      url('http:', 'https:'),
      'http://127.0.0.1:9092',
      'Where the other services find the API.',
    ),
    taskRegistry: setting(
      'SUPERCAP_TASK_REGISTRY_URL',
      address,
      '127.0.0.1:9193',
      'Where task-registry listens and is found.',
    ),
    tickscriptCompiler: setting(
      'SUPERCAP_TICKSCRIPT_COMPILER_URL',
      address,
      '127.0.0.1:9194',
      'Where tickscript-compiler listens and is found.',
    ),
    streamExecutor: setting(
      'SUPERCAP_STREAM_EXECUTOR_URL',
      address,
      '127.0.0.1:9195',
      'Where stream-executor listens and is found.',
    ),
    recorder: setting('SUPERCAP_RECORDER_URL', address, '127.0.0.1:9196', 'Where recorder listens and is found.'),
    listenHost: setting(
      'SUPERCAP_LISTEN_HOST',
      text,
      '',
      'Address of the machine that a gRPC service listens on, such as `0.0.0.0` in a container; the host of its URL when empty.',
    ),
    advertisedAddress: setting(
      'SUPERCAP_ADVERTISED_ADDRESS',
      text,
      '',
      'Where the other services find this one of several stream-executors, as host:port; `SUPERCAP_STREAM_EXECUTOR_URL` when empty.',
    ),
  },
  runs: {
    leaseMs: setting('SUPERCAP_LEASE', milliseconds, '4s', 'How long an executor owns a task run without renewing it.'),
    holdMs: setting(
      'SUPERCAP_LIMIT_HOLD',
      milliseconds,
      '10s',
      'How long one message of a task may hold its executor; then that task is stopped, and the executor starts anew without it.',
    ),
    tickMs: setting('SUPERCAP_TICK', milliseconds, '1s', 'How often an executor renews its lease and looks for runs.'),
    snapshotIntervalMs: setting(
      ['SUPERCAP_SNAPSHOT_INTERVAL', 'KAPACITOR_TASK_SNAPSHOT_INTERVAL'],
      milliseconds,
      '10s',
      'How often the state of a task run is saved.',
    ),
    deliveryAttempts: setting(
      'SUPERCAP_DELIVERY_ATTEMPTS',
      count(),
      '10',
      'How often an alert is given to a handler before it is set aside.',
    ),
    replayDeliveryAttempts: setting(
      'SUPERCAP_REPLAY_DELIVERY_ATTEMPTS',
      count(),
      '1',
      'How often an alert of a replay is given to a handler.',
    ),
    execMs: setting('SUPERCAP_EXEC_TIMEOUT', milliseconds, '1m', 'How long a program of the exec handler may run.'),
    keepEventsMs: setting(
      'SUPERCAP_KEEP_EVENTS',
      milliseconds,
      '48h',
      'How long alert events and the outcomes of their deliveries are kept; longer than the write log reaches back.',
    ),
  },
  limits: {
    bodyBytes: setting('SUPERCAP_LIMIT_BODY', bytes, '25mb', 'Size of a request body as it arrives.'),
    inflatedBodyBytes: setting(
      'SUPERCAP_LIMIT_INFLATED_BODY',
      bytes,
      '100mb',
      'Size of a compressed request body once it is inflated.',
    ),
    bodyRate: setting(
      'SUPERCAP_LIMIT_BODY_RATE',
      bytes,
      '1kb',
      'Bytes a second that a request body must arrive with, on the average and after ten seconds; else it is refused with 408.',
    ),
    logBytes: setting(
      'SUPERCAP_LIMIT_LOG',
      bytes,
      '512mb',
      'Size of the write log; above it writes are refused with 503.',
    ),
    recordingLagBytes: setting(
      'SUPERCAP_LIMIT_RECORDING_LAG',
      bytes,
      '256mb',
      'How much of the write log is kept for recordings that are behind, at most half of it; one further behind fails.',
    ),
    recordingBytes: setting(
      'SUPERCAP_LIMIT_RECORDING',
      bytes,
      '2gb',
      'Size of a recording while it is made; one that grows larger fails and keeps what it has.',
    ),
    recordingsBytes: setting(
      'SUPERCAP_LIMIT_RECORDINGS',
      bytes,
      '20gb',
      'Size of all files in the folder of the recordings; above it recordings in progress fail and keep what they have.',
    ),
    recordingMs: setting(
      'SUPERCAP_LIMIT_RECORDING_TIME',
      milliseconds,
      '24h',
      'How long a stream recording may take; one that takes longer fails and keeps what it has.',
    ),
    groupsPerTask: setting('SUPERCAP_LIMIT_GROUPS', count(), '1000000', 'Groups of all nodes of a task.'),
    memoryPerTask: setting(
      'SUPERCAP_LIMIT_TASK_MEMORY',
      bytesOrAuto,
      '',
      'Memory that the state of a task may take, roughly; one that takes more stops with an error. A quarter of the heap of the executor when empty.',
    ),
    waitingPerTask: setting(
      'SUPERCAP_LIMIT_WAITING',
      count(),
      '1000',
      'Messages that wait in a task for nodes that answer late.',
    ),
    groupExpiry: setting(
      'SUPERCAP_LIMIT_GROUP_EXPIRY',
      duration,
      '0',
      'How long a group without points is kept; `0`: for ever.',
    ),
    scriptBytes: setting('SUPERCAP_LIMIT_SCRIPT', bytes, '1mb', 'Size of a TICKscript.'),
    nameBytes: setting(
      'SUPERCAP_LIMIT_NAME',
      bytes,
      '1kb',
      'Length of the name of a task, template, topic or recording.',
    ),
    connections: setting('SUPERCAP_LIMIT_CONNECTIONS', count(), '10000', 'Open connections to the API.'),
  },
  influxdb: {
    enabled: setting(
      'KAPACITOR_INFLUXDB_0_ENABLED',
      boolean,
      'false',
      'Whether to use InfluxDB; `true` unless said otherwise once a URL is given.',
    ),
    name: setting('KAPACITOR_INFLUXDB_0_NAME', text, 'default', 'Name of the cluster in scripts.'),
    url: setting('KAPACITOR_INFLUXDB_0_URLS_0', url('http:', 'https:'), 'http://localhost:8086', 'InfluxDB.'),
    username: setting('KAPACITOR_INFLUXDB_0_USERNAME', text, '', 'User of InfluxDB.'),
    password: secretSetting('KAPACITOR_INFLUXDB_0_PASSWORD', text, '', 'Password of that user.'),
    token: secretSetting('KAPACITOR_INFLUXDB_0_TOKEN', text, '', 'Token of InfluxDB 2, in place of user and password.'),
    timeoutMs: setting('KAPACITOR_INFLUXDB_0_TIMEOUT', milliseconds, '30s', 'How long a request to InfluxDB may take.'),
    insecureSkipVerify: setting(
      'KAPACITOR_INFLUXDB_0_INSECURE_SKIP_VERIFY',
      boolean,
      'false',
      'Whether to accept any certificate of InfluxDB.',
    ),
    compression: setting(
      'KAPACITOR_INFLUXDB_0_COMPRESSION',
      choice('none', 'gzip'),
      'none',
      'How what is written to InfluxDB is compressed: `none` or `gzip`.',
    ),
  },
  deadman: {
    global: setting('KAPACITOR_DEADMAN_GLOBAL', boolean, 'false', "Whether every task gets a deadman's switch."),
    threshold: setting('KAPACITOR_DEADMAN_THRESHOLD', number, '0', 'Points per interval at which it alerts.'),
    interval: setting('KAPACITOR_DEADMAN_INTERVAL', duration, '10s', 'The interval.'),
    id: setting('KAPACITOR_DEADMAN_ID', text, "{{ .Group }}:NODE_NAME for task '{{ .TaskName }}'", 'Id of its alerts.'),
    message: setting(
      'KAPACITOR_DEADMAN_MESSAGE',
      text,
      '{{ .ID }} is {{ if eq .Level "OK" }}alive{{ else }}dead{{ end }}: {{ index .Fields "emitted" | printf "%0.3f" }} points/INTERVAL.',
      'Message of its alerts.',
    ),
  },
} satisfies Readonly<Record<string, Readonly<Record<string, Setting>>>>;

type ValueOf<S> = S extends Setting<infer T> ? T : never;

type Declared = {
  readonly [G in keyof typeof declarations]: {
    readonly [K in keyof (typeof declarations)[G]]: ValueOf<(typeof declarations)[G][K]>;
  };
};

export type Settings = Declared & {
  /** The `[[httppost]]` endpoints by name. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
};
