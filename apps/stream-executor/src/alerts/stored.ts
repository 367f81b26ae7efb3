import { alertLevels, type RenderedEvent, type TopicStateStore } from '@supercap/alerting';
import type { EventState } from '@supercap/pipeline';
import { eventKey, type CollectedEvent, type StoredEvents } from '@supercap/storage';

/**
 * What the database says of a batch of events. As the states of topics it tells what each event found when it was
 * created, so that one that is made again reaches the same handlers.
 */
export class Stored implements TopicStateStore {
  readonly owned = new Set<string>();
  readonly fresh = new Set<string>();
  private readonly previousLevels = new Map<string, number>();

  add(events: readonly CollectedEvent[], { owned, fresh, previousLevels }: StoredEvents): void {
    for (const task of owned) this.owned.add(task);
    for (const key of fresh) this.fresh.add(key);
    for (const { eventId, topic, previousLevel } of events) {
      const key = eventKey(eventId, topic);
      this.previousLevels.set(key, previousLevels.get(key) ?? previousLevel);
    }
  }

  has({ eventId, topic }: RenderedEvent): boolean {
    return this.previousLevels.has(eventKey(eventId, topic));
  }

  /** Another level was before this event when it was created, or it is not stored yet. */
  contradicts({ eventId, topic, previousLevel }: RenderedEvent): boolean {
    return alertLevels[this.previousLevels.get(eventKey(eventId, topic)) ?? -1] !== previousLevel;
  }

  get(topic: string, _id: string, eventId: string): EventState | undefined {
    const level = alertLevels[this.previousLevels.get(eventKey(eventId, topic)) ?? 0] ?? 'OK';
    return { level, message: '', details: '', time: 0n, duration: 0n };
  }

  collect(): void {
    // Topics know of the events since they were published.
  }
}
