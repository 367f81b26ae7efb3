import type { AlertLevel, EventState } from '@supercap/pipeline';
import { highestLevel, rankOf } from './levels';

/** What routing needs to know and to note of the topics. */
export interface TopicStateStore {
  /** What the topic knew of `id` before the event `eventId`. */
  get(topic: string, id: string, eventId: string): EventState | undefined;
  /** An event was collected. */
  collect(topic: string, id: string, state: EventState): void;
}

/** Ids that a topic keeps before those that are OK are forgotten: an unknown id counts as OK anyway. */
const DEFAULT_LIMIT = 100_000;

/** The latest state of every event id of the topics, in memory. */
export class TopicStates implements TopicStateStore {
  private readonly topics = new Map<string, { collected: number; readonly events: Map<string, EventState> }>();

  constructor(private readonly limit = DEFAULT_LIMIT) {}

  get(topic: string, id: string): EventState | undefined {
    return this.topics.get(topic)?.events.get(id);
  }

  collect(topic: string, id: string, state: EventState): void {
    this.set(topic, id, state);
    this.topics.get(topic)!.collected++;
  }

  /** Sets a state that was stored, or that another topic knew, without an event. */
  set(topic: string, id: string, state: EventState): void {
    let entry = this.topics.get(topic);
    if (entry === undefined) this.topics.set(topic, (entry = { collected: 0, events: new Map() }));
    entry.events.set(id, state);
    if (entry.events.size > this.limit) forgetRecovered(entry.events, id);
  }

  has(topic: string): boolean {
    return this.topics.has(topic);
  }

  /** Events since the topic is known here. */
  collected(topic: string): number {
    return this.topics.get(topic)?.collected ?? 0;
  }

  /** The highest level of its events. */
  level(topic: string): AlertLevel {
    const states = this.topics.get(topic)?.events.values() ?? [];
    return highestLevel([...states].map(({ level }) => level));
  }

  /** Events at this level or above, sorted by id. */
  events(topic: string, minimum: AlertLevel = 'OK'): readonly (readonly [id: string, state: EventState])[] {
    const events = [...(this.topics.get(topic)?.events ?? [])];
    return events
      .filter(([, { level }]) => rankOf(level) >= rankOf(minimum))
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }

  names(): readonly string[] {
    return [...this.topics.keys()].sort();
  }

  forget(topic: string): void {
    this.topics.delete(topic);
  }
}

function forgetRecovered(events: Map<string, EventState>, except: string): void {
  for (const [id, { level }] of events) if (level === 'OK' && id !== except) events.delete(id);
}
