import { type AlertHandler, type HandlerConfiguration, type HandlerOptions, undeliverable } from './handler';
import { compileMatch, type Match } from './match';
import { OptionsError } from './options';
import type { AggregateOptions } from './aggregate';

/** A handler of a topic as the API takes and gives it: plain JSON. */
export interface HandlerSpec {
  readonly topic: string;
  readonly id: string;
  readonly kind: string;
  readonly options: HandlerOptions;
  /** A boolean lambda without `lambda:`; empty: every event. */
  readonly match: string;
}

/** What the topic itself does with an event, in place of a delivery. */
export type Route =
  | { readonly kind: 'publish'; readonly topics: readonly string[] }
  | { readonly kind: 'aggregate'; readonly options: AggregateOptions };

/** A handler of a topic, ready for events. */
export interface TopicHandler {
  readonly spec: HandlerSpec;
  readonly match: Match | undefined;
  /** Absent: events are delivered. */
  readonly route?: Route;
  /** Why nothing can be delivered. */
  readonly problem?: string;
}

const VALID_ID = /^[-._\p{L}0-9]+$/u;
/** The topics of tasks have colons in their names. */
const VALID_TOPIC = /^[-._:\p{L}0-9]+$/u;

/** What is wrong with the form of a spec: `invalid handler spec: <text>`. */
export function handlerSpecProblem({ topic, id, kind }: HandlerSpec): string | undefined {
  // The name of the topic is at fault, the text shows the id: as the original has it.
  if (!VALID_TOPIC.test(topic))
    return `handler topic must contain only letters, numbers, '-', '.' and '_'. ${JSON.stringify(id)}`;
  if (!VALID_ID.test(id))
    return `handler ID must contain only letters, numbers, '-', '.' and '_'. ${JSON.stringify(id)}`;
  if (kind === '') return 'handler Kind must not be empty';
  return undefined;
}

/** The text for an id that is taken: `failed to create handler: <text>`. */
export function handlerExists(id: string): string {
  return `cannot register handler, handler with ID "${id}" already exists`;
}

/** Throws OptionsError or MatchError, whose text follows `failed to create handler: `. */
export function prepareHandler(
  spec: HandlerSpec,
  handlerOf: (kind: string) => AlertHandler | undefined,
  configuration: HandlerConfiguration,
): TopicHandler {
  const handler = handlerOf(spec.kind);
  if (handler === undefined) throw new OptionsError(`unsupported action kind "${spec.kind}"`);
  handler.check(spec.options, configuration);
  const route = handler.routeOf(spec.options);
  return {
    spec,
    match: spec.match === '' ? undefined : compileMatch(spec.match),
    ...(route && { route }),
    ...(handler.delivery === 'none' && { problem: undeliverable(spec.kind) }),
  };
}
