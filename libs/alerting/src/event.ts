import type { AlertLevel } from '@supercap/pipeline';
import type { EncodedValue } from './field-codec';

/** An event of a topic as it is stored and sent to handlers: plain JSON. */
export interface RenderedEvent {
  /** Where the event comes from (task, generation, offset, number): the same however often it is delivered. */
  readonly eventId: string;
  readonly topic: string;
  readonly id: string;
  readonly message: string;
  readonly details: string;
  /** Nanoseconds since the Unix epoch, in decimal. */
  readonly time: string;
  /** Nanoseconds, in decimal. */
  readonly duration: string;
  readonly level: AlertLevel;
  /** The level that the topic held for this id. */
  readonly previousLevel: AlertLevel;
  readonly recoverable: boolean;
  readonly name: string;
  readonly taskName: string;
  readonly group: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, EncodedValue>>;
  /** The JSON of the triggering data, `{"series":[…]}`. */
  readonly dataJson: string;
  /** Why `dataJson` is empty: a value that JSON cannot hold. */
  readonly dataError?: string;
}
