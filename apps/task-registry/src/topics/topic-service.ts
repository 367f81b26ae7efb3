import { alertLevels, parseLevel, rankOf, unknownLevel } from '@supercap/alerting';
import { channels, type registry } from '@supercap/protocol';
import type { StoredState, StoredTopic, TopicRepository } from '@supercap/storage';
import { badRequest, notFound, serverError } from '@supercap/transport';
import { Glob } from '../listing';

export type TopicStore = Pick<
  TopicRepository,
  'all' | 'find' | 'delete' | 'deleteWithPrefix' | 'events' | 'event' | 'notify'
>;

/** Topics and the states of their events, as the executors stored them. */
export class TopicService {
  constructor(private readonly topics: TopicStore) {}

  async list({ pattern, minLevel }: registry.ListTopicsRequest): Promise<registry.Topic[]> {
    const glob = readPattern(pattern);
    const least = readLevel(minLevel);
    const topics = await this.topics.all();
    return topics.filter((topic) => topic.level >= least && glob.matches(topic.id)).map(present);
  }

  async get(id: string): Promise<registry.Topic> {
    const topic = await this.topics.find(id);
    if (topic === undefined) throw notFound(`unknown topic: "${id}"`);
    return present(topic);
  }

  /** Its handlers stay, and get what it collects from now on. */
  async delete(id: string): Promise<void> {
    await this.topics.delete(id);
    await this.forgotten(id);
  }

  /** The topics of the task's own alerts. */
  async deleteOfTask(taskId: string): Promise<void> {
    for (const id of await this.topics.deleteWithPrefix(`main:${taskId}:`)) await this.forgotten(id);
  }

  async events({ topic, minLevel }: registry.ListEventsRequest): Promise<registry.Event[]> {
    const least = readLevel(minLevel);
    if ((await this.topics.find(topic)) === undefined) {
      throw serverError(`failed to get topic events: unknown topic "${topic}"`);
    }
    return (await this.topics.events(topic, least)).map(presentEvent);
  }

  async event({ topic, id }: registry.EventId): Promise<registry.Event> {
    const event = await this.topics.event(topic, id);
    if (event === undefined) throw notFound(`unknown event "${id}" in topic "${topic}"`);
    return presentEvent(event);
  }

  /** Executors keep the states of topics, too. */
  private forgotten(topic: string): Promise<void> {
    return this.topics.notify(channels.topics, `deleted:${topic}`);
  }
}

/** Throws HttpError 400. */
export function readPattern(pattern: string): Glob {
  const glob = Glob.read(pattern);
  if (glob === undefined) throw badRequest('invalid pattern: syntax error in pattern');
  return glob;
}

function readLevel(text: string): number {
  const level = parseLevel(text);
  if (level === undefined) throw badRequest(unknownLevel(text));
  return rankOf(level);
}

function present({ id, level, collected }: StoredTopic): registry.Topic {
  return { id, level: alertLevels[level]!, collected };
}

function presentEvent({ id, message, details, time, duration, level }: StoredState): registry.Event {
  return { id, message, details, time: String(time), duration, level: alertLevels[level]! };
}
