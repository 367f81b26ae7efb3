import { formatDurationGo, formatTime } from '@supercap/data-model';
import type { registry } from '@supercap/protocol';
import { badRequest } from '@supercap/transport';
import { indented, noContent, type Exchange, type Handler, type Reply } from '../http/exchange';
import { RawJson, type JsonValue } from '../http/json';
import { v1Surface, type Route } from '../http/routes';
import type { Registry } from '../services';
import { BASE, exactMember, goJsonError, linkTo, selfLink } from './common';

const TOPICS = `${BASE}/alerts/topics`;
const topicLink = (topic: string, ...more: readonly string[]) => linkTo('alerts', 'topics', topic, ...more);

const presentTopic = ({ id, level, collected }: registry.Topic): JsonValue => ({
  link: selfLink(topicLink(id)),
  id,
  level,
  collected,
  'events-link': { rel: 'events', href: topicLink(id, 'events') },
  'handlers-link': { rel: 'handlers', href: topicLink(id, 'handlers') },
});

const presentEvent = (topic: string, event: registry.Event): JsonValue => ({
  link: selfLink(topicLink(topic, 'events', event.id)),
  id: event.id,
  state: {
    message: event.message,
    details: event.details,
    time: formatTime(BigInt(event.time)),
    duration: formatDurationGo(event.duration),
    level: event.level,
  },
});

const presentHandler = (handler: registry.Handler): JsonValue => ({
  link: selfLink(topicLink(handler.topic, 'handlers', handler.id)),
  id: handler.id,
  kind: handler.kind,
  options: handler.optionsJson === '' ? null : new RawJson(handler.optionsJson),
  match: handler.match,
});

/** The address as it was asked for, query and all. */
const requested = ({ path, query }: Exchange) => path + (query.raw === '' ? '' : `?${query.raw}`);

async function handlerSpec(exchange: Exchange, topic: string, message: (detail: string) => string): Promise<registry.Handler> {
  const text = await exchange.text();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw badRequest(message(goJsonError(text, error)));
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw badRequest(message('json: cannot unmarshal value into Go value of type client.TopicHandlerOptions'));
  }
  const body = parsed as Readonly<Record<string, unknown>>;
  const member = (name: string): string => {
    const value = body[name] ?? '';
    if (typeof value !== 'string') {
      throw badRequest(message(`json: cannot unmarshal ${typeof value} into Go struct field .${name} of type string`));
    }
    return value;
  };
  const { options } = body;
  if (options !== undefined && options !== null && (typeof options !== 'object' || Array.isArray(options))) {
    throw badRequest(message('json: cannot unmarshal value into Go struct field .options of type map[string]interface {}'));
  }
  return {
    topic,
    id: member('id'),
    kind: member('kind'),
    match: member('match'),
    optionsJson: options === undefined || options === null ? '{}' : (exactMember(text, 'options') ?? JSON.stringify(options)),
  };
}

/** `/kapacitor/v1/alerts/topics`, and all that lies below a topic. */
export function alertRoutes(registryService: Registry): Route[] {
  const route = (method: Route['method'], pattern: string, handler: Handler): Route => ({
    surface: v1Surface,
    method,
    pattern,
    handler,
    kind: 'alerts',
  });

  const listTopics: Handler = async (exchange) => {
    const { query } = exchange;
    const { topics } = await registryService.listTopics({
      pattern: query.get('pattern') ?? '',
      minLevel: query.get('min-level') ?? 'OK',
    });
    return indented({ link: selfLink(requested(exchange)), topics: topics.map(presentTopic) });
  };

  const get = async (exchange: Exchange): Promise<Reply> => {
    const { topic, kind, id } = below(exchange.rest);
    if (kind === undefined) return indented(presentTopic(await registryService.getTopic({ id: topic })));
    if (kind === 'events' && id !== undefined) {
      return indented(presentEvent(topic, await registryService.getEvent({ topic, id })));
    }
    if (kind === 'events') {
      const minLevel = exchange.query.get('min-level') ?? 'OK';
      const { events } = await registryService.listEvents({ topic, minLevel });
      return indented({
        link: selfLink(topicLink(topic, 'events')),
        topic,
        events: events.map((event) => presentEvent(topic, event)),
      });
    }
    if (id !== undefined) return indented(presentHandler(await registryService.getHandler({ topic, id })));
    const { handlers } = await registryService.listHandlers({ topic, pattern: exchange.query.get('pattern') ?? '' });
    return indented({ link: selfLink(requested(exchange)), topic, handlers: handlers.map(presentHandler) });
  };

  return [
    route('GET', TOPICS, listTopics),
    route('GET', `${TOPICS}/`, get),
    route('POST', `${TOPICS}/`, async (exchange) => {
      const { topic } = below(exchange.rest);
      const spec = await handlerSpec(exchange, topic, (detail) => `invalid handler json: ${detail}`);
      return indented(presentHandler(await registryService.createHandler(spec)));
    }),
    route('PUT', `${TOPICS}/`, async (exchange) => {
      const { topic, id = '' } = below(exchange.rest);
      const spec = await handlerSpec(exchange, topic, (detail) => `failed to unmarshal JSON: ${detail}`);
      return indented(presentHandler(await registryService.replaceHandler({ topic, id, spec })));
    }),
    route('PATCH', `${TOPICS}/`, async (exchange) => {
      const { topic, id = '' } = below(exchange.rest);
      return indented(presentHandler(await registryService.patchHandler({ topic, id, patchJson: await exchange.text() })));
    }),
    route('DELETE', `${TOPICS}/`, async ({ rest }) => {
      const { topic, kind, id } = below(rest);
      if (kind === 'handlers' && id !== undefined) await registryService.deleteHandler({ topic, id });
      else if (kind === undefined) await registryService.deleteTopic({ id: topic });
      return noContent;
    }),
  ];
}

/** `T`, `T/events`, `T/events/E`, `T/handlers`, `T/handlers/H`. A topic's name holds no slash. */
function below(rest: string): { topic: string; kind?: 'events' | 'handlers'; id?: string } {
  const [topic = '', kind, ...more] = rest.split('/');
  if (kind !== 'events' && kind !== 'handlers') return { topic };
  const id = more.join('/');
  return { topic, kind, ...(id !== '' && { id }) };
}
