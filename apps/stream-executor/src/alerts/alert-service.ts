import {
  alertLevels,
  mergePlans,
  planDeliveries,
  prepareHandler,
  rankOf,
  renderEvent,
  TopicStates,
  type AlertHandler,
  type Delivery,
  type HandlerConfiguration,
  type PublishedEvent,
  type RoutingPlan,
  type TopicHandler,
} from '@supercap/alerting';
import { StartError, type AlertEvent, type AlertLevel, type EventState } from '@supercap/pipeline';
import {
  eventKey,
  isRefusedData,
  type CollectedEvent,
  type EventStore,
  type Fence,
  type StoredEvents,
  type StoredState,
} from '@supercap/storage';
import type { Logger } from '@supercap/telemetry';
import { Stored } from './stored';

/** Where events come from: a live run with its epoch, or a replay without. */
export interface EventSource {
  readonly taskId: string;
  /** Undefined: nothing fences it (a replay). */
  readonly epoch: bigint | undefined;
}

/** What is asked of the event store. */
export type AlertEvents = Pick<EventStore, 'collect' | 'handlers' | 'setState' | 'states' | 'statesAt'>;

/** Where in the log a generation of a task begins to read. */
export interface RunPlace {
  readonly taskId: string;
  readonly generation: number;
  readonly offset: string;
}

/** Where deliveries of events that are stored go. */
export interface Deliveries {
  /** `recheck`: some of the events may have been delivered before. */
  take(deliveries: readonly Delivery[], recheck: boolean): void;
  /** Resolves when what was taken is delivered or survives this process. */
  safe(): Promise<void>;
}

interface Pending {
  readonly source: EventSource;
  readonly event: PublishedEvent;
  plan: RoutingPlan;
}

/** Events that may wait to be stored before the readers pause. */
const MOST_PENDING = 5_000;
/** Events that are stored with one statement. */
const AT_ONCE = 1_000;
const RETRY_MS = 200;

/**
 * From alert nodes to deliveries: events that come in one turn travel together. They are created in Postgres, each once
 * and only by the owner of its run, and then handed on.
 */
export class AlertService {
  readonly states = new TopicStates();
  private readonly scriptHandlers = new Map<string, readonly TopicHandler[]>();
  private topicHandlers = new Map<string, readonly TopicHandler[]>();
  private pending: Pending[] = [];
  private flushing: Promise<void> | undefined;
  private readonly lostSources = new WeakSet<EventSource>();
  private closed = false;

  constructor(
    private readonly store: AlertEvents,
    private readonly handlerOf: (kind: string) => AlertHandler | undefined,
    private readonly configuration: HandlerConfiguration,
    private readonly aggregate: (deliveries: readonly Delivery[]) => Promise<void>,
    private readonly deliveries: Deliveries,
    private readonly log: Logger,
  ) {}

  // --- handlers and states

  /** Reads the handlers of all topics; called at start and whenever they change. */
  async loadHandlers(): Promise<void> {
    const byTopic = new Map<string, TopicHandler[]>();
    for (const spec of await this.store.handlers()) {
      try {
        const handler = prepareHandler(spec, this.handlerOf, this.configuration);
        const list = byTopic.get(spec.topic);
        if (list === undefined) byTopic.set(spec.topic, [handler]);
        else list.push(handler);
      } catch (error) {
        this.log.error({ topic: spec.topic, handler: spec.id, err: String(error) }, 'a topic handler cannot be used');
      }
    }
    this.topicHandlers = byTopic;
  }

  /**
   * Loads what topics knew at the place where a run begins to read, before it starts: events that are stored already
   * but behind that place are made again, and must find what they found the first time.
   */
  async loadStates(run: RunPlace, topics: readonly string[], prefix: string): Promise<void> {
    for (const topic of this.states.names()) if (topic.startsWith(prefix)) this.states.forget(topic);
    const latest = await this.store.states(topics, prefix);
    const before = await this.store.statesAt(run.taskId, run.generation, run.offset);
    for (const stored of [...latest, ...before]) this.states.set(stored.topic, stored.id, eventState(stored));
  }

  /** Handlers of a topic that the API defined. */
  handlersOf(topic: string): readonly TopicHandler[] {
    return this.topicHandlers.get(topic) ?? [];
  }

  private readonly allHandlersOf = (topic: string): readonly TopicHandler[] => {
    const own = this.scriptHandlers.get(topic);
    const others = this.handlersOf(topic);
    return own === undefined ? others : others.length === 0 ? own : [...own, ...others];
  };

  attach(topic: string, handlers: readonly { kind: string; options: Readonly<Record<string, unknown>> }[]): void {
    const prepared = handlers.map(({ kind, options }, i) => {
      const handler = this.handlerOf(kind);
      if (handler?.delivery === 'none') {
        throw new StartError(`alert handler "${kind}" is known but cannot deliver events in this version`);
      }
      return prepareHandler({ topic, id: `${i}`, kind, options, match: '' }, this.handlerOf, this.configuration);
    });
    this.scriptHandlers.set(topic, prepared);
  }

  detach(topic: string): void {
    this.scriptHandlers.delete(topic);
    this.states.forget(topic);
  }

  forget(topic: string): void {
    this.states.forget(topic);
  }

  async restore(topic: string, id: string, state: EventState): Promise<void> {
    this.states.set(topic, id, state);
    await this.store.setState({ topic, id, ...state, level: rankOf(state.level) });
  }

  // --- events

  publish(source: EventSource, eventId: string, topics: readonly string[], event: AlertEvent): void {
    for (const published of renderEvent(event, eventId, topics)) this.publishRendered(source, published);
  }

  /** An event that no node made (the summary of an aggregate handler). */
  publishRendered(source: EventSource, event: PublishedEvent): void {
    // Topics know of it from now on, whatever comes with it in one turn or one write.
    this.pending.push({ source, event, plan: planDeliveries([event], this.allHandlersOf, this.states) });
    this.flushSoon();
  }

  /** Undefined: go on; else wait for it. */
  ready(): Promise<void> | undefined {
    return this.pending.length < MOST_PENDING ? undefined : this.stored();
  }

  private async stored(): Promise<void> {
    while (!this.closed && (this.pending.length > 0 || this.flushing !== undefined)) {
      this.flushSoon();
      await this.flushing;
    }
  }

  /** Resolves when everything published so far is stored, and delivered or certain to be. */
  async flushed(source?: EventSource): Promise<void> {
    await this.stored();
    if (!this.closed) await this.deliveries.safe();
    if (source !== undefined && this.lostSources.has(source)) throw new Error('the run is owned by another executor');
  }

  private flushSoon(): void {
    if (this.flushing !== undefined || this.pending.length === 0 || this.closed) return;
    this.flushing = Promise.resolve()
      .then(() => this.flush())
      .finally(() => {
        this.flushing = undefined;
        this.flushSoon();
      });
  }

  private async flush(): Promise<void> {
    const batch = this.pending.splice(0, AT_ONCE);
    for (const { topic, handler, eventId, message } of batch.flatMap(({ plan }) => plan.problems)) {
      this.log.error({ topic, handler, eventId, err: message }, 'an event could not be handled');
    }
    for (let delay = RETRY_MS; ; delay = Math.min(delay * 2, 5000)) {
      try {
        await this.persist(batch);
        return;
      } catch (error) {
        if (this.closed) return;
        this.log.warn(
          { err: error instanceof Error ? error.message : String(error) },
          'alert events could not be stored yet',
        );
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
    }
  }

  private async persist(batch: readonly Pending[]): Promise<void> {
    const sources = new Map(batch.map(({ source, event }) => [event.eventId, source]));
    // An event that a publish handler passed on comes from where the first one came from.
    const sourceOf = (eventId: string): EventSource =>
      sources.get(eventId) ?? sourceOf(eventId.slice(0, eventId.lastIndexOf('/publish/')));
    const stored = new Stored();
    for (let open = batch; open.length > 0;) {
      await this.storeEvents(open, sourceOf, stored);
      // What was made of them the first time depended on the level before, which is the stored one.
      open = open.filter(({ plan }) => plan.collected.some(({ event }) => stored.contradicts(event)));
      for (const pending of open) pending.plan = planDeliveries([pending.event], this.allHandlersOf, stored);
    }
    const allowed = (eventId: string) => {
      const source = sourceOf(eventId);
      if (source.epoch === undefined || stored.owned.has(source.taskId)) return true;
      this.lostSources.add(source);
      return false;
    };
    const isFresh = (delivery: Delivery) =>
      delivery.events.every((event) => stored.fresh.has(eventKey(event.eventId, event.topic)));
    const split = (deliveries: readonly Delivery[]) =>
      deliveries
        .map(({ handler, events: list }) => ({ handler, events: list.filter(({ eventId }) => allowed(eventId)) }))
        .filter(({ events: list }) => list.length > 0);
    const plan = mergePlans(batch.map((pending) => pending.plan));
    const deliveries = split(plan.deliveries);
    const aggregated = split(plan.aggregated);
    if (aggregated.length > 0) await this.aggregate(aggregated);
    this.deliveries.take(deliveries.filter(isFresh), false);
    this.deliveries.take(
      deliveries.filter((delivery) => !isFresh(delivery)),
      true,
    );
  }

  private async storeEvents(
    batch: readonly Pending[],
    sourceOf: (eventId: string) => EventSource,
    stored: Stored,
  ): Promise<void> {
    const events = batch
      .flatMap(({ plan }) => plan.collected)
      .filter(({ event }) => !stored.has(event))
      .map(({ event, previous }) => ({
        eventId: event.eventId,
        topic: event.topic,
        id: event.id,
        level: rankOf(event.level),
        message: event.message,
        details: event.details,
        time: BigInt(event.time),
        duration: BigInt(event.duration),
        taskId: sourceOf(event.eventId).taskId,
        previousLevel: rankOf(event.previousLevel),
        previousTime: previous?.time ?? 0n,
      }));
    for (const fenced of [true, false]) {
      const part = events.filter(({ eventId }) => (sourceOf(eventId).epoch !== undefined) === fenced);
      if (part.length === 0) continue;
      const fences = fenced ? fencesOf(batch.map(({ source }) => source)) : undefined;
      stored.add(part, await this.collect(part, fences));
    }
  }

  /** Stores events; one that the database refuses for what it is must not hold up the others: it goes out without. */
  private async collect(
    events: readonly CollectedEvent[],
    fences: readonly Fence[] | undefined,
  ): Promise<StoredEvents> {
    try {
      return await this.store.collect(events, fences);
    } catch (error) {
      if (!isRefusedData(error)) throw error;
      const [only, ...others] = events;
      if (only !== undefined && others.length === 0) {
        this.log.error(
          { topic: only.topic, task: only.taskId, eventId: only.eventId },
          'an alert event cannot be stored',
        );
        const fresh = new Set([eventKey(only.eventId, only.topic)]);
        return { owned: new Set([only.taskId]), fresh, previousLevels: new Map() };
      }
      const owned = new Set<string>();
      const fresh = new Set<string>();
      const previousLevels = new Map<string, number>();
      for (const event of events) {
        const stored = await this.collect([event], fences);
        for (const task of stored.owned) owned.add(task);
        for (const key of stored.fresh) fresh.add(key);
        for (const [key, level] of stored.previousLevels) previousLevels.set(key, level);
      }
      return { owned, fresh, previousLevels };
    }
  }

  close(): void {
    this.closed = true;
  }
}

function fencesOf(sources: Iterable<EventSource>): Fence[] {
  const fences = new Map<string, Fence>();
  for (const { taskId, epoch } of sources) if (epoch !== undefined) fences.set(taskId, { taskId, epoch });
  return [...fences.values()];
}

function eventState(stored: StoredState): EventState {
  const level: AlertLevel = alertLevels[stored.level] ?? 'OK';
  const { message, details, time, duration } = stored;
  return { level, message, details, time, duration };
}
