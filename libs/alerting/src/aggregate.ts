import { DurationValue } from '@supercap/data-model';
import { parseTemplate, struct, TemplateError } from '@supercap/go-template';
import type { RenderedEvent } from './event';
import { highestLevel } from './levels';
import type { PublishedEvent } from './render-event';

/** Decoded options of an aggregate handler. */
export interface AggregateOptions {
  readonly id: string;
  /** Nanoseconds. */
  readonly interval: bigint;
  readonly topic: string;
  readonly message: string;
}

/** What an aggregate handler has collected since its last event: plain data, so that it can be stored. */
export interface AggregateBucket {
  /** Nanoseconds since the Unix epoch, in decimal: when the interval that collects now began. */
  readonly since: string;
  readonly events: readonly RenderedEvent[];
}

/** More events than this in one interval: the first ones are passed on early rather than held for ever. */
export const aggregateLimit = 10_000;

export function aggregateProblem({ interval, message }: AggregateOptions): string | undefined {
  if (interval <= 0n) return 'aggregate interval must be positive';
  try {
    parseTemplate('message', message);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
}

/** The next time that the bucket is due, undefined while it is empty. Intervals are counted from `since`. */
export function aggregateDue(options: AggregateOptions, bucket: AggregateBucket): bigint | undefined {
  return bucket.events.length === 0 ? undefined : BigInt(bucket.since) + options.interval;
}

/** Adds events at a time. An empty bucket's interval moves on, in whole intervals, to the one that the time lies in. */
export function collectAggregate(
  options: AggregateOptions,
  bucket: AggregateBucket,
  events: readonly RenderedEvent[],
  now: bigint,
): AggregateBucket {
  let since = BigInt(bucket.since);
  if (bucket.events.length === 0 && now > since) since += ((now - since) / options.interval) * options.interval;
  return { since: since.toString(), events: [...bucket.events, ...events] };
}

/** The event that stands for all that were collected, and the bucket that follows; undefined when it is not yet due. */
export function flushAggregate(
  options: AggregateOptions,
  bucket: AggregateBucket,
  now: bigint,
): { readonly event: PublishedEvent; readonly bucket: AggregateBucket } | undefined {
  const due = aggregateDue(options, bucket);
  if (due === undefined || (now < due && bucket.events.length < aggregateLimit)) return undefined;
  const since = now < due ? bucket.since : due.toString();
  return { event: summarise(options, bucket.events), bucket: { since, events: [] } };
}

function summarise(options: AggregateOptions, events: readonly RenderedEvent[]): PublishedEvent {
  const message = parseTemplate('message', options.message).execute(
    struct('alert.aggregateMessageData', {
      Interval: new DurationValue(options.interval),
      Count: BigInt(events.length),
    }),
  );
  const broken = events.find(({ dataError }) => dataError !== undefined)?.dataError;
  return {
    // The first event's id and the options' make it unique, and the same when the flush is repeated.
    eventId: `${events[0]!.eventId}/aggregate/${options.topic}/${options.id}`,
    topic: options.topic,
    id: options.id,
    message,
    details: events.map((event) => event.message).join('\n'),
    time: highest(events.map(({ time }) => time)),
    duration: highest(events.map(({ duration }) => duration)),
    level: highestLevel(events.map(({ level }) => level)),
    recoverable: false,
    name: '',
    taskName: '',
    group: '',
    tags: {},
    fields: {},
    dataJson: broken === undefined ? `{"series":[${events.map(({ dataJson }) => seriesOf(dataJson)).join(',')}]}` : '',
    ...(broken !== undefined && { dataError: broken }),
  };
}

/** What stands between the brackets of `{"series":[…]}`. */
function seriesOf(dataJson: string): string {
  return dataJson.slice('{"series":['.length, -']}'.length);
}

function highest(numbers: readonly string[]): string {
  return numbers
    .map(BigInt)
    .reduce((a, b) => (b > a ? b : a))
    .toString();
}
