import { randomUUID } from 'node:crypto';
import type { Database } from './database';
import type { Notifications } from './notifications';
import type { RunStore } from './run-store';
import { TopicRepository } from './topic-repository';

/** Longer than this nobody waits for an executor that does not answer: it reads everything anew when it comes back. */
const PATIENCE_MS = 2_000;

/**
 * A repository of topics whose changes are known to every executor once they are announced, so that what is written
 * after the answer meets them.
 */
export class AnnouncedTopicRepository extends TopicRepository {
  constructor(
    database: Database,
    private readonly executors: Pick<RunStore, 'liveExecutors'>,
    private readonly notifications: Pick<Notifications, 'on'>,
    /** Where executors say that they know. */
    private readonly knownChannel: string,
  ) {
    super(database);
  }

  override async notify(channel: string, payload: string): Promise<void> {
    const token = randomUUID();
    const expected = (await this.executors.liveExecutors()).length;
    let known = 0;
    await new Promise<void>((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        off();
        resolve();
      };
      const off = this.notifications.on(this.knownChannel, (answer) => {
        if (answer === token && ++known >= expected) end();
      });
      const timer = setTimeout(end, expected === 0 ? 0 : PATIENCE_MS);
      super.notify(channel, `${token} ${payload}`).catch((error: unknown) => {
        end();
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
  }
}
