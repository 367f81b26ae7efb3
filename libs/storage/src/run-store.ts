import type { Database } from './database';
import { MOST_FALLS } from './executor-leases';
import { Prisma } from './generated/client';
import { storable } from './storable';

/** What a run pins when it is enabled. */
export interface RunDefinition {
  readonly revision: number;
  readonly type: 'stream' | 'batch';
  readonly script: string;
  readonly dbrps: readonly { readonly db: string; readonly rp: string }[];
  /** Versioned JSON of the pipeline. */
  readonly pipeline: string;
  /** Its graph, as each API draws it. */
  readonly dot: string;
  readonly legacyDot: string;
}

export interface RunStatus {
  readonly generation: number;
  /** "starting", "running", "failed", "draining" */
  readonly status: string;
  readonly error: string;
  /** It was built, whatever came after. */
  readonly started?: boolean;
}

/** A run with what it pins. */
export interface RunRow extends RunStatus {
  readonly taskId: string;
  readonly definition: RunDefinition;
}

export interface ClaimedRun {
  readonly taskId: string;
  readonly generation: number;
  readonly epoch: bigint;
  readonly definition: RunDefinition;
  readonly offset: string | null;
  readonly drainTo: string | null;
  readonly hasSnapshot: boolean;
}

export interface HeldRun {
  readonly taskId: string;
  readonly generation: number;
  readonly epoch: bigint;
  readonly wanted: boolean;
  readonly drainTo: string | null;
}

/** Who needs the log from a place on. */
export interface LogHolder {
  readonly kind: 'task' | 'recording';
  readonly id: string;
  readonly place: string;
}

const GIVEN_UP = `the task has brought down its executor ${MOST_FALLS} times`;

/** A run that stopped for good keeps its row, so that its error can be read, but no one may claim it. */
const CLAIMABLE = Prisma.sql`owner_id IS NULL AND status <> 'failed'`;

/** Topics of the alerts of tasks that `tasks` (a relation with `task_id`) names: unknown while the task does not run. */
const closeTopics = (tasks: Prisma.Sql) => Prisma.sql`
  UPDATE topic SET open = FALSE FROM (SELECT 'main:' || task_id || ':' AS prefix FROM ${tasks}) AS own
  WHERE starts_with(topic.id, own.prefix) AND position(':' IN right(topic.id, -length(own.prefix))) = 0`;

/** Leases of task runs, see `docs/architecture.md`. Times are the database's own. */
export class RunStore {
  constructor(private readonly db: Database) {}

  // --- executors

  /**
   * Deletes executors other than this one whose lease ran out: their runs become free. Returns their ids. A run whose
   * message held one of them when it died is counted for it; one that did so too often is given up.
   */
  async bury(self: string): Promise<string[]> {
    const rows = await this.db.$queryRaw<{ id: string }[]>`
      WITH dead AS (
        DELETE FROM executor WHERE expires < clock_timestamp() AND id::text <> ${self} RETURNING id, busy_task
      ), fallen AS (
        UPDATE run SET falls = falls + 1, banned = falls + 1 >= ${MOST_FALLS},
          status = CASE WHEN falls + 1 >= ${MOST_FALLS} THEN 'failed' ELSE status END,
          error = CASE WHEN falls + 1 >= ${MOST_FALLS} THEN ${GIVEN_UP} ELSE error END
        FROM dead WHERE run.task_id = dead.busy_task RETURNING run.task_id
      )
      SELECT id::text FROM dead`;
    return rows.map(({ id }) => id);
  }

  async liveExecutors(): Promise<{ id: string; address: string }[]> {
    return this.db.$queryRaw`SELECT id::text, address FROM executor WHERE expires > clock_timestamp() ORDER BY id`;
  }

  /** Where the owner of a task's run answers; undefined when nobody owns it. */
  async ownerAddress(taskId: string): Promise<string | undefined> {
    const rows = await this.db.$queryRaw<{ address: string }[]>`
      SELECT e.address FROM run r JOIN executor e ON e.id = r.owner_id WHERE r.task_id = ${taskId}`;
    return rows[0]?.address;
  }

  // --- runs

  async held(executorId: string): Promise<HeldRun[]> {
    return this.db.$queryRaw`
      SELECT task_id AS "taskId", generation, epoch, wanted, drain_to AS "drainTo"
      FROM run WHERE owner_id = ${executorId}::uuid`;
  }

  /** Runs that are wanted or still drain: what executors share among them. */
  async active(): Promise<number> {
    const rows = await this.db.$queryRaw<{ count: bigint }[]>`SELECT count(*) FROM run WHERE status <> 'failed'`;
    return Number(rows[0]?.count ?? 0n);
  }

  /** Takes up to `most` free runs. */
  async claim(executorId: string, most: number): Promise<ClaimedRun[]> {
    return this.db.$queryRaw`
      UPDATE run SET owner_id = ${executorId}::uuid, epoch = epoch + 1, updated = clock_timestamp()
      WHERE task_id IN (
        SELECT task_id FROM run WHERE ${CLAIMABLE} ORDER BY task_id LIMIT ${most} FOR UPDATE SKIP LOCKED
      ) AND ${CLAIMABLE}
      RETURNING task_id AS "taskId", generation, epoch, definition, "offset", drain_to AS "drainTo",
        (snapshot IS NOT NULL OR snapshot_id IS NOT NULL) AS "hasSnapshot"`;
  }

  /** A claimed run is built: from here on it reads the log from `offset`. False: it is not ours any more. */
  async started(run: { taskId: string; epoch: bigint }, offset: string): Promise<boolean> {
    const rows = await this.db.$executeRaw`
      UPDATE run SET status = CASE WHEN wanted THEN 'running' ELSE 'draining' END, error = '', "offset" = ${offset},
        updated = clock_timestamp()
      WHERE task_id = ${run.taskId} AND epoch = ${run.epoch}`;
    await this.notify('supercap_run_status', run.taskId);
    return rows === 1;
  }

  /**
   * The run stopped with an error; its row stays, with what it had saved, until it is enabled or disabled again, or an
   * executor starts.
   */
  async failed(run: { taskId: string; epoch: bigint }, error: string): Promise<void> {
    await this.db.$executeRaw`
      WITH stopped AS (
        UPDATE run SET status = 'failed', error = ${storable(error)}, owner_id = NULL, updated = clock_timestamp()
        WHERE task_id = ${run.taskId} AND epoch = ${run.epoch} RETURNING task_id
      ) ${closeTopics(Prisma.sql`stopped`)}`;
    await this.notify('supercap_run_status', run.taskId);
  }

  /** Runs that failed are tried again, from empty state at the tail of the log; not those that brought executors down. */
  async retryFailed(): Promise<void> {
    const rows = await this.db.$queryRaw<{ id: string }[]>`
      WITH again AS (
        UPDATE run SET generation = nextval('run_generation')::int, status = 'starting', error = '', epoch = epoch + 1,
          "offset" = NULL, drain_to = NULL, snapshot = NULL, snapshot_id = NULL, updated = clock_timestamp()
        WHERE status = 'failed' AND wanted AND NOT banned RETURNING task_id
      ), forgotten AS (DELETE FROM snapshot_part USING again WHERE snapshot_part.task_id = again.task_id)
      SELECT task_id AS id FROM again`;
    if (rows.length > 0) await this.notify('supercap_runs', '');
  }

  /** A disabled run has drained: its row goes. */
  async ended(run: { taskId: string; epoch: bigint }): Promise<void> {
    await this.db.$executeRaw`
      WITH gone AS (
        DELETE FROM run WHERE task_id = ${run.taskId} AND epoch = ${run.epoch} AND NOT wanted RETURNING task_id
      ) ${closeTopics(Prisma.sql`gone`)}`;
    await this.notify('supercap_run_status', run.taskId);
  }

  /** Moves the places of runs whose state has not changed. Returns the tasks that are no longer ours. */
  async saveOffsets(runs: readonly { taskId: string; epoch: bigint; offset: string }[]): Promise<string[]> {
    if (runs.length === 0) return [];
    const moved = await this.db.$queryRaw<{ taskId: string }[]>`
      UPDATE run SET "offset" = moved.place, updated = clock_timestamp()
      FROM unnest(${runs.map((run) => run.taskId)}::text[], ${runs.map((run) => run.epoch)}::bigint[],
        ${runs.map((run) => run.offset)}::text[]) AS moved(task, epoch, place)
      WHERE run.task_id = moved.task AND run.epoch = moved.epoch
      RETURNING run.task_id AS "taskId"`;
    const ours = new Set(moved.map(({ taskId }) => taskId));
    return runs.filter((run) => !ours.has(run.taskId)).map((run) => run.taskId);
  }

  /** Gives runs back, without their snapshots having to move: the next owner goes on from what was saved last. */
  async release(runs: readonly { taskId: string; epoch: bigint }[]): Promise<void> {
    if (runs.length === 0) return;
    await this.db.$executeRaw`
      UPDATE run SET owner_id = NULL, updated = clock_timestamp()
      FROM unnest(${runs.map((run) => run.taskId)}::text[], ${runs.map((run) => run.epoch)}::bigint[]) AS mine(task, epoch)
      WHERE run.task_id = mine.task AND run.epoch = mine.epoch`;
    await this.notify('supercap_runs', '');
  }

  // --- what the registry asks for

  /**
   * Enables a task and wants it to run: a new generation with empty state. Undefined: there is no such task of this
   * revision, nothing was done.
   */
  async want(taskId: string, definition: RunDefinition): Promise<number | undefined> {
    const rows = await this.db.$queryRaw<{ generation: number }[]>`
      WITH enabled AS (
        UPDATE task SET enabled = true, last_enabled = CASE WHEN enabled THEN last_enabled ELSE clock_timestamp() END
        WHERE id = ${taskId} AND revision = ${definition.revision} RETURNING id
      ),
      forgotten AS (DELETE FROM snapshot_part USING enabled WHERE task_id = enabled.id)
      INSERT INTO run (task_id, generation, definition)
      SELECT id, nextval('run_generation')::int, ${JSON.stringify(definition)}::jsonb FROM enabled
      ON CONFLICT (task_id) DO UPDATE SET generation = excluded.generation, definition = excluded.definition,
        wanted = true, status = 'starting', error = '', owner_id = NULL, epoch = run.epoch + 1, "offset" = NULL,
        drain_to = NULL, snapshot = NULL, snapshot_id = NULL, falls = 0, banned = FALSE, updated = clock_timestamp()
      RETURNING generation`;
    if (rows[0] !== undefined) await this.notify('supercap_runs', taskId);
    return rows[0]?.generation;
  }

  /** Disables a task: its run stops after the place `drainTo` of the log. A run that failed or never started is forgotten. */
  async unwant(taskId: string, drainTo: string): Promise<void> {
    await this.db.$executeRaw`
      WITH disabled AS (UPDATE task SET enabled = false WHERE id = ${taskId} AND enabled),
      forgotten AS (
        DELETE FROM run WHERE task_id = ${taskId} AND (status = 'failed' OR "offset" IS NULL) RETURNING task_id
      ),
      closed AS (${closeTopics(Prisma.sql`forgotten`)})
      UPDATE run SET wanted = false, status = 'draining', drain_to = ${drainTo}, updated = clock_timestamp()
      WHERE task_id = ${taskId} AND NOT (status = 'failed' OR "offset" IS NULL) AND wanted`;
    await this.notify('supercap_runs', taskId);
  }

  async status(taskId: string): Promise<RunStatus | undefined> {
    const rows = await this.db.$queryRaw<RunStatus[]>`
      SELECT generation, status, error, "offset" IS NOT NULL AS started FROM run WHERE task_id = ${taskId}`;
    return rows[0];
  }

  /** The runs of these tasks, as far as there are any. */
  async rows(taskIds: readonly string[]): Promise<RunRow[]> {
    return this.db.$queryRaw`
      SELECT task_id AS "taskId", generation, status, error, definition FROM run WHERE task_id = ANY(${taskIds}::text[])`;
  }

  // --- trimming

  /** Who needs the oldest place in the log that a run or a recording in progress still needs; undefined: none needs any. */
  async oldestHolder(compare: (a: string, b: string) => number): Promise<LogHolder | undefined> {
    const holders = await this.db.$queryRaw<LogHolder[]>`
      SELECT 'task' AS kind, min(task_id) AS id, "offset" AS place FROM run
      WHERE status <> 'failed' AND "offset" IS NOT NULL GROUP BY "offset"
      UNION ALL SELECT 'recording', id, "offset" FROM recording WHERE status = 'running' AND "offset" IS NOT NULL`;
    // Of those at one place a task is named: it is never let go.
    return holders.sort((a, b) => compare(a.place, b.place) || (a.kind === 'task' ? -1 : 1))[0];
  }

  /** The log is not held any more for a recording that is still at this place. False: it has moved on. */
  async letGo(recordingId: string, place: string): Promise<boolean> {
    const rows = await this.db.$executeRaw`
      UPDATE recording SET "offset" = NULL WHERE id = ${recordingId} AND status = 'running' AND "offset" = ${place}`;
    return rows === 1;
  }

  async notify(channel: string, payload: string): Promise<void> {
    await this.db.$executeRaw`SELECT pg_notify(${channel}, ${payload})`;
  }
}
