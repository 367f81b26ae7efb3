import type { Tags, Time } from '@supercap/data-model';
import type { LevelHistory } from './flapping';

/** What an alert knows of a group. Plain data. */
export interface AlertState {
  /** The level of the latest message, by number. */
  level: number;
  /** False until the first message with data, which names the event and finds its state in the topics. */
  opened: boolean;
  firstTriggered: Time;
  lastTriggered: Time;
  /** The latest triggering level was not OK: inhibitors of this group are active. */
  alerting: boolean;
  /** Only kept where flapping is looked for. */
  history: LevelHistory | undefined;
  /** The id and what it was rendered from; rendered anew only when the tags or the name are others. */
  id: string;
  idName: string;
  idTags: Tags | undefined;
}
