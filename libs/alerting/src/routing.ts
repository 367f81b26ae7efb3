import type { EventState } from '@supercap/pipeline';
import type { RenderedEvent } from './event';
import type { HandlerSpec, TopicHandler } from './handler-spec';
import { type PublishedEvent, stateOf } from './render-event';
import type { TopicStateStore } from './topic-states';

/** Events for one handler, in the order in which the topic collected them. One delivery is one job. */
export interface Delivery {
  readonly handler: HandlerSpec;
  readonly events: readonly RenderedEvent[];
}

/** An event that a handler does not get, although it should: for the log. */
export interface RoutingProblem {
  readonly topic: string;
  readonly handler: string;
  readonly eventId: string;
  readonly message: string;
}

/** An event that a topic collected, and what the topic knew of its id before. */
export interface Collection {
  readonly event: RenderedEvent;
  readonly previous: EventState | undefined;
}

/** What is to be done for some events: plain data, to be stored before anything is sent. */
export interface RoutingPlan {
  readonly deliveries: readonly Delivery[];
  /** Events for buckets of aggregate handlers. */
  readonly aggregated: readonly Delivery[];
  /** Every event that a topic collected, in order: the published ones, and those that publish handlers passed on. */
  readonly collected: readonly Collection[];
  readonly problems: readonly RoutingProblem[];
}

/** Topics that one event may reach by publish handlers, counted with repetitions. */
const REACH_LIMIT = 1_000;

/**
 * Collects events into their topics, in order, and finds out who is to get them. Topic states change as if the events
 * had been handled. `handlersOf` gives a topic's handlers in the order in which they were defined.
 */
export function planDeliveries(
  events: readonly PublishedEvent[],
  handlersOf: (topic: string) => readonly TopicHandler[],
  states: TopicStateStore,
): RoutingPlan {
  const plan = new Plan(handlersOf, states);
  for (const event of events) plan.route(event);
  return plan.result();
}

/** One plan for all, each handler's events in the order of the plans. */
export function mergePlans(plans: readonly RoutingPlan[]): RoutingPlan {
  const merge = (of: (plan: RoutingPlan) => readonly Delivery[]): readonly Delivery[] => {
    const lists = new Map<HandlerSpec, RenderedEvent[]>();
    for (const plan of plans) {
      for (const { handler, events } of of(plan)) {
        const list = lists.get(handler);
        if (list === undefined) lists.set(handler, [...events]);
        else list.push(...events);
      }
    }
    return [...lists].map(([handler, events]) => ({ handler, events }));
  };
  return {
    deliveries: merge((plan) => plan.deliveries),
    aggregated: merge((plan) => plan.aggregated),
    collected: plans.flatMap((plan) => plan.collected),
    problems: plans.flatMap((plan) => plan.problems),
  };
}

interface Step {
  readonly event: PublishedEvent;
  /** The topics that the event came through. */
  readonly path: readonly string[];
}

class Plan {
  private readonly deliveries = new Map<TopicHandler, RenderedEvent[]>();
  private readonly aggregated = new Map<TopicHandler, RenderedEvent[]>();
  private readonly collected: Collection[] = [];
  private readonly problems: RoutingProblem[] = [];

  constructor(
    private readonly handlersOf: (topic: string) => readonly TopicHandler[],
    private readonly states: TopicStateStore,
  ) {}

  route(event: PublishedEvent): void {
    const open: Step[] = [{ event, path: [] }];
    for (let i = 0; i < open.length; i++) open.push(...this.collect(open[i]!, REACH_LIMIT - open.length));
  }

  /** The steps that follow, at most `room`. */
  private collect({ event, path }: Step, room: number): readonly Step[] {
    const previous = this.states.get(event.topic, event.id, event.eventId);
    const rendered: RenderedEvent = { ...event, previousLevel: previous?.level ?? 'OK' };
    this.states.collect(event.topic, event.id, stateOf(event));
    this.collected.push({ event: rendered, previous });
    const next: Step[] = [];
    for (const handler of this.handlersOf(event.topic)) {
      if (!this.matches(handler, rendered)) continue;
      const { route } = handler;
      if (handler.problem !== undefined) this.problem(handler, rendered, handler.problem);
      else if (route === undefined) append(this.deliveries, handler, rendered);
      else if (route.kind === 'aggregate') append(this.aggregated, handler, rendered);
      else {
        const through = [...path, event.topic];
        for (const topic of route.topics) {
          if (through.includes(topic)) {
            this.problem(handler, rendered, `publish loop: ${[...through, topic].join(' -> ')}`);
          } else if (next.length >= room) {
            this.problem(handler, rendered, `an event may be published to at most ${REACH_LIMIT} topics`);
          } else next.push({ event: { ...event, eventId: `${event.eventId}/publish/${topic}`, topic }, path: through });
        }
      }
    }
    return next;
  }

  private matches(handler: TopicHandler, event: RenderedEvent): boolean {
    if (handler.match === undefined) return true;
    const outcome = handler.match(event);
    if (typeof outcome === 'boolean') return outcome;
    this.problem(handler, event, outcome.error);
    return false;
  }

  private problem({ spec }: TopicHandler, { topic, eventId }: RenderedEvent, message: string): void {
    this.problems.push({ topic, handler: spec.id, eventId, message });
  }

  result(): RoutingPlan {
    return {
      deliveries: deliveriesOf(this.deliveries),
      aggregated: deliveriesOf(this.aggregated),
      collected: this.collected,
      problems: this.problems,
    };
  }
}

function append(lists: Map<TopicHandler, RenderedEvent[]>, handler: TopicHandler, event: RenderedEvent): void {
  const list = lists.get(handler);
  if (list === undefined) lists.set(handler, [event]);
  else list.push(event);
}

function deliveriesOf(lists: ReadonlyMap<TopicHandler, readonly RenderedEvent[]>): readonly Delivery[] {
  return [...lists].map(([{ spec }, events]) => ({ handler: spec, events }));
}

/** Cuts a delivery into jobs of at most so many events. */
export function chunkDelivery({ handler, events }: Delivery, size: number): readonly Delivery[] {
  const chunks: Delivery[] = [];
  for (let at = 0; at < events.length; at += size) chunks.push({ handler, events: events.slice(at, at + size) });
  return chunks;
}
