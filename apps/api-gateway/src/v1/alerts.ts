import { formatDurationGo, formatTime } from '@supercap/data-model';
import type { registry } from '@supercap/protocol';
import { badRequest, HttpError, notFound } from '@supercap/transport';
import { indented, noContent, type Exchange, type Handler, type Reply } from '../http/exchange';
import { endOfValue, JsonError } from '../http/go-json';
import { RawJson, type JsonValue } from '../http/json';
import { v1Surface, type Route } from '../http/routes';
import type { Registry } from '../services';
import { BASE, decodeBody, linkTo, requestUri, selfLink } from './common';

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

/** The spec of a handler; a `topic` in the body is ignored. Throws HttpError 400. */
const handlerSpec = (
  exchange: Exchange,
  topic: string,
  message: (detail: string) => string,
): Promise<registry.Handler> =>
  decodeBody(exchange, message, (body) => ({
    topic,
    id: body.text('id'),
    kind: body.text('kind'),
    optionsJson: body.object('options') ?? '{}',
    match: body.text('match'),
  }));

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
    return indented({ link: selfLink(requestUri(exchange)), topics: topics.map(presentTopic) });
  };

  /** An id may hold slashes; what is unknown is named by the last part of the path, as in the original. */
  const event = async (topic: string, id: string): Promise<JsonValue> => {
    const last = id.slice(id.lastIndexOf('/') + 1);
    try {
      return presentEvent(topic, await registryService.getEvent({ topic, id }));
    } catch (error) {
      if (last === id || !(error instanceof HttpError) || error.status !== 404) throw error;
      return presentEvent(topic, await registryService.getEvent({ topic, id: last }));
    }
  };

  const get = async (exchange: Exchange): Promise<Reply> => {
    const { topic, kind, id } = below(exchange.rest);
    if (kind === undefined) return indented(presentTopic(await registryService.getTopic({ id: topic })));
    if (kind === 'events' && id !== undefined) return indented(await event(topic, id));
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
    return indented({ link: selfLink(requestUri(exchange)), topic, handlers: handlers.map(presentHandler) });
  };

  /** That there is no such handler is said before what is wrong with the request's body. */
  const known = async <T>(place: Place, body: Promise<T>): Promise<T> => {
    try {
      return await body;
    } catch (error) {
      await registryService.getHandler(place);
      throw error;
    }
  };

  return [
    route('GET', TOPICS, listTopics),
    route('GET', `${TOPICS}/`, get),
    route('POST', `${TOPICS}/`, async (exchange) => {
      // Whatever lies below a topic. One that can have handlers has no slashes in its name.
      const topic = exchange.rest.split('/')[0]!;
      const spec = await handlerSpec(exchange, topic, (detail) => `invalid handler json: ${detail}`);
      return indented(presentHandler(await registryService.createHandler(spec)));
    }),
    route('PUT', `${TOPICS}/`, async (exchange) => {
      const place = handlerPlace(exchange.rest);
      const spec = await known(
        place,
        handlerSpec(exchange, place.topic, (detail) => `failed to unmarshal JSON: ${detail}`),
      );
      return indented(presentHandler(await registryService.replaceHandler({ ...place, spec })));
    }),
    route('PATCH', `${TOPICS}/`, async (exchange) => {
      const place = handlerPlace(exchange.rest);
      const patchJson = await known(place, patchText(exchange));
      return indented(presentHandler(await registryService.patchHandler({ ...place, patchJson })));
    }),
    route('DELETE', `${TOPICS}/`, async ({ rest }) => {
      const { topic, kind, id } = below(rest);
      if (kind === 'handlers' && id !== undefined) await registryService.deleteHandler({ topic, id });
      else if (kind === undefined) await registryService.deleteTopic({ id: topic });
      return noContent;
    }),
  ];
}

interface Place {
  readonly topic: string;
  readonly id: string;
}

/** `T`, `T/events`, `T/events/E`, `T/handlers`, `T/handlers/H`. Topics that scripts name may hold slashes. */
export function below(rest: string): { topic: string; kind?: 'events' | 'handlers'; id?: string } {
  const found = /^(.*?)\/(events|handlers)(?:\/(.*))?$/s.exec(rest);
  if (found === null) return { topic: rest };
  const [, topic, kind, id = ''] = found as unknown as [string, string, 'events' | 'handlers', string | undefined];
  return { topic, kind, ...(id !== '' && { id }) };
}

function handlerPlace(rest: string): Place {
  const { topic, kind, id } = below(rest);
  if (kind !== 'handlers' || id === undefined) throw notFound('Not Found');
  return { topic, id };
}

async function patchText(exchange: Exchange): Promise<string> {
  const text = await exchange.text();
  try {
    endOfValue(text);
    return text;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const isShort = error.message === 'EOF' || error.message === 'unexpected EOF';
    throw badRequest(`invalid patch json: ${isShort ? 'unexpected end of JSON input' : error.message}`);
  }
}
