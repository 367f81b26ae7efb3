import { listenAddress, type Settings } from '@supercap/config';
import { PointLog } from '@supercap/point-log';
import { channels, REDIS_PREFIX } from '@supercap/protocol';
import {
  Notifications,
  openDatabase,
  RecordingRepository,
  ReplayRepository,
  RunStore,
  type Database,
} from '@supercap/storage';
import type { RootLogger } from '@supercap/telemetry';
import { GrpcServer, LogLevelBus, openRedis } from '@supercap/transport';
import type { Redis } from 'ioredis';
import { RecordingFiles } from './files/recording-files';
import { InfluxQuery } from './influx/influx-query';
import { QueryRecorder } from './record/query-recorder';
import { RecordingJobs } from './record/recording-jobs';
import { ExecutorClients } from './replay/executor-clients';
import { ReplayJobs } from './replay/replay-jobs';
import { Replayer } from './replay/replayer';
import { Sweeper } from './sweeper';

/** One recorder process, put together. */
export class Recorder {
  private readonly db: Database;
  private readonly redis: Redis;
  private readonly queueRedis: Redis;
  private readonly log: PointLog;
  private readonly notifications: Notifications;
  private readonly levels: LogLevelBus;
  private readonly executors = new ExecutorClients();
  private readonly files: RecordingFiles;
  private readonly recordings: RecordingRepository;
  private readonly replays: ReplayRepository;
  private readonly jobs: { recording: RecordingJobs; replay: ReplayJobs; sweeper: Sweeper };
  private readonly grpc = new GrpcServer();

  constructor(
    private readonly settings: Settings,
    private readonly logger: RootLogger,
  ) {
    const { stores, limits, server, influxdb } = settings;
    this.db = openDatabase(stores.databaseUrl, stores.databaseConnections);
    this.redis = openRedis(stores.redisUrl, logger);
    this.queueRedis = openRedis(stores.redisUrl, logger, null);
    this.log = new PointLog({
      redis: stores.redisUrl,
      prefix: `${REDIS_PREFIX}:points`,
      maxBytes: limits.logBytes,
      hooks: { connectionError: (error) => logger.debug({ err: error.message }, 'write log connection') },
    });
    this.notifications = new Notifications(stores.databaseUrl, [channels.jobs], logger);
    this.levels = new LogLevelBus(this.redis, (level) => void logger.setLevel(level));
    this.files = new RecordingFiles(server.replayDir, limits.recordingBytes);
    this.recordings = new RecordingRepository(this.db);
    this.replays = new ReplayRepository(this.db);

    const { files, recordings, replays, notifications, executors, log } = this;
    const runs = new RunStore(this.db);
    const now = () => Date.now();
    const queries = new QueryRecorder(new InfluxQuery(influxdb), () => BigInt(now()) * 1_000_000n);
    const replayer = new Replayer({ recordings, runs, notifications, files, queries, executors });
    const recordingLimits = {
      bytes: limits.recordingBytes,
      folderBytes: limits.recordingsBytes,
      milliseconds: limits.recordingMs,
    };
    const shared = { files, logger, notify: runs };
    this.jobs = {
      recording: new RecordingJobs(this.queueRedis, {
        ...shared,
        recordings,
        queries,
        log,
        now,
        limits: recordingLimits,
      }),
      replay: new ReplayJobs(this.queueRedis, { ...shared, replays, replayer }),
      sweeper: new Sweeper(this.redis, { ...shared, recordings, replays }),
    };
  }

  async start(): Promise<void> {
    const { settings, logger, jobs } = this;
    await this.notifications.open();
    await this.levels.open();
    await this.files.open();
    await this.tidy();
    jobs.recording.start();
    jobs.replay.start();
    jobs.sweeper.start();
    const address = settings.services.recorder;
    await this.grpc.listen(listenAddress(settings, address));
    logger.info({ address, folder: this.files.folder }, 'recorder is ready');
  }

  /** Takes in the files that were put in the folder, and removes what crashes left there. */
  private async tidy(): Promise<void> {
    const { files, recordings, replays, logger } = this;
    const working = [...(await recordings.running()), ...(await replays.running())];
    await files.removeOrphans(new Set(working.flatMap(({ order }) => (order === undefined ? [] : [order.job]))));
    const found = await files.found();
    for (const problem of found.problems) logger.error({ folder: files.folder }, problem);
    for (const { id, type, stats } of found.files) {
      if (await recordings.import(id, type, BigInt(stats.size), stats.mtime))
        logger.info({ recording: id }, 'a recording was found');
    }
  }

  /** Hands unfinished recordings on, lets replays end, and closes every connection. */
  async stop(): Promise<void> {
    const { recording, replay, sweeper } = this.jobs;
    await Promise.all([recording.stop(), replay.stop(), sweeper.stop()]);
    await this.grpc.close();
    this.executors.close();
    this.levels.close();
    await this.notifications.close();
    await this.log.close();
    this.redis.disconnect();
    this.queueRedis.disconnect();
    await this.db.$disconnect();
  }
}
