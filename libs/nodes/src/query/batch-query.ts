import { DurationValue, formatTime, type Time } from '@supercap/data-model';
import {
  formatSelect,
  InfluxqlError,
  parseQuery,
  rewriteQuery,
  type Fill,
  type Grouping,
  type SelectStatement,
} from '@supercap/influxql';
import { goTypeOfScriptValue, StartError, type Pipeline, type ScriptValue } from '@supercap/pipeline';
import { Schedule, type ScheduleOptions } from './schedule';

export interface QueryOptions extends ScheduleOptions {
  readonly query: string;
  readonly cluster: string;
  readonly period: bigint;
  readonly groupBy: readonly ScriptValue[];
  readonly alignGroup: boolean;
  readonly groupByMeasurement: boolean;
  readonly fill: ScriptValue | undefined;
}

/** What a query node asks, and when. */
export class BatchQuery {
  private readonly select: SelectStatement;
  private readonly groupBy: readonly Grouping[];
  private readonly fill: Fill | undefined;
  readonly schedule: Schedule;

  /** Throws StartError. */
  constructor(private readonly options: QueryOptions) {
    this.select = parseSelect(options.query);
    this.groupBy = groupings(options.groupBy);
    this.fill = fillOption(options.fill);
    this.schedule = Schedule.of(options);
  }

  /** Throws StartError when the query reads anything that is not the task's. */
  checkSources(dbrps: readonly { readonly db: string; readonly rp: string }[]): void {
    for (const source of this.select.sources) {
      if (source.kind === 'subquery') throw new StartError('unknown query source *influxql.SubQuery');
      const { database: db, retentionPolicy: rp } = source;
      if (dbrps.some((dbrp) => dbrp.db === db && dbrp.rp === rp)) continue;
      throw new StartError(
        `batch query is not allowed to request data from ${JSON.stringify(db)}.${JSON.stringify(rp)}`,
      );
    }
  }

  get cluster(): string {
    return this.options.cluster;
  }

  get byName(): boolean {
    return this.options.groupByMeasurement;
  }

  get period(): bigint {
    return this.options.period;
  }

  get groupsByTime(): boolean {
    return this.groupBy.some(({ kind }) => kind === 'time');
  }

  /** The range that a run at this time asks for: from `start` on, before `stop`. */
  rangeAt(time: Time): { readonly start: Time; readonly stop: Time } {
    const stop = time - this.options.offset;
    return { start: stop - this.options.period, stop };
  }

  /** The InfluxQL for a range. */
  textFor({ start, stop }: { readonly start: Time; readonly stop: Time }): string {
    const groupBy = this.options.alignGroup ? this.groupBy.map((grouping) => alignedTo(start, grouping)) : this.groupBy;
    const range = { start: formatTime(start), stop: formatTime(stop), groupBy };
    return formatSelect(rewriteQuery(this.select, this.fill === undefined ? range : { ...range, fill: this.fill }));
  }
}

/**
 * The queries of a batch task in the order of its graph, which is that of recordings. `child`: the place of the node
 * among the children of the source. Throws StartError.
 */
export function batchQueriesOf({ nodes }: Pipeline): { readonly query: BatchQuery; readonly child: number }[] {
  const source = nodes.find(({ kind, parents }) => kind === 'batch' && parents.length === 0);
  return nodes
    .filter(({ kind }) => kind === 'query')
    .map(({ id, options }) => ({
      // The options of a node are those that its definition declares.
      query: new BatchQuery(options as unknown as QueryOptions),
      child: source?.children.indexOf(id) ?? -1,
    }));
}

function parseSelect(text: string): SelectStatement {
  let statements;
  try {
    statements = parseQuery(text);
  } catch (error) {
    if (!(error instanceof InfluxqlError)) throw error;
    throw new StartError(`failed to parse InfluxQL query: ${error.message}`);
  }
  const [first] = statements;
  if (first === undefined || statements.length > 1) {
    throw new StartError(`query must be a single select statement, got ${statements.length} statements`);
  }
  if (first.kind !== 'select') throw new StartError(`query is not a select statement ${JSON.stringify(text.trim())}`);
  return first;
}

function groupings(values: readonly ScriptValue[]): Grouping[] {
  const all = values.map(grouping);
  if (all.filter(({ kind }) => kind === 'time').length > 1) {
    throw new StartError('groupBy cannot have more than one time dimension');
  }
  return all;
}

function grouping(value: ScriptValue): Grouping {
  if (typeof value === 'string') return { kind: 'tag', name: value };
  if (value instanceof DurationValue) return { kind: 'time', length: value.ns, offset: 0n };
  if (typeof value === 'object' && 'kind' in value) {
    if (value.kind === 'star') return { kind: 'all' };
    if (value.kind === 'timeDimension') return { kind: 'time', length: value.length, offset: value.offset };
  }
  throw new StartError(`invalid dimension type:${goTypeOfScriptValue(value)}, must be string or time.Duration`);
}

function alignedTo(start: Time, grouping: Grouping): Grouping {
  if (grouping.kind !== 'time' || grouping.length === 0n) return grouping;
  return { ...grouping, offset: start % grouping.length };
}

/** What is no option at all leaves the query as it is. */
function fillOption(value: ScriptValue | undefined): Fill | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value !== 'string') return undefined;
  if (value === 'null' || value === 'none' || value === 'previous' || value === 'linear') return value;
  throw new StartError(`unexpected fill option ${value}`);
}
