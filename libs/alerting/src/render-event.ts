import type { AlertEvent, EventState } from '@supercap/pipeline';
import { dataJsonOf } from './event-json';
import type { RenderedEvent } from './event';
import { encodeValue } from './field-codec';

/** An event before a topic has collected it. */
export type PublishedEvent = Omit<RenderedEvent, 'previousLevel'>;

/** The event as plain JSON, once for each topic that it goes to. */
export function renderEvent(event: AlertEvent, eventId: string, topics: readonly string[]): readonly PublishedEvent[] {
  const fields = Object.fromEntries(Object.entries(event.fields).map(([name, value]) => [name, encodeValue(value)]));
  const data = dataJsonOf(event.data);
  return topics.map((topic) => ({
    eventId,
    topic,
    id: event.id,
    message: event.message,
    details: event.details,
    time: event.time.toString(),
    duration: event.duration.toString(),
    level: event.level,
    recoverable: event.recoverable,
    name: event.name,
    taskName: event.taskName,
    group: event.group,
    tags: event.tags,
    fields,
    ...data,
  }));
}

/** What a topic keeps of an event. */
export function stateOf(event: PublishedEvent): EventState {
  const { level, message, details, time, duration } = event;
  return { level, message, details, time: BigInt(time), duration: BigInt(duration) };
}
