import {
  defineHandler,
  type HandlerDefinition,
  type OptionsOf,
  type ParameterRecord,
  type PropertyRecord,
} from '@supercap/pipeline';
import type { Outcome } from './delivery';
import type { RenderedEvent } from './event';
import type { Route } from './handler-spec';
import { type DecodedOptions, decodeOptions, type OptionRecord, OptionsError } from './options';
import type { HandlerServices } from './ports';

/** Options of a handler as they are stored and sent: plain JSON. */
export type HandlerOptions = Readonly<Record<string, unknown>>;

/** Delivers events of one handler. Made once per handler, used for many chunks. */
export interface Sender {
  /** Sends the events in order and says what became of each. Never rejects; stops early, with failures, on abort. */
  send(events: readonly RenderedEvent[], signal: AbortSignal): Promise<readonly Outcome[]>;
}

/** What the definition of a handler may ask of the server's configuration. */
export interface HandlerConfiguration {
  hasEndpoint(name: string): boolean;
}

/** A handler as delivery and the topic API see it. */
export interface AlertHandler {
  /** The kind in the topic API. */
  readonly kind: string;
  readonly summary: string;
  /** The method of an alert node; absent on handlers of topics only. */
  readonly script?: HandlerDefinition;
  readonly options: OptionRecord;
  /** `route`: the topic itself does it (publish, aggregate). `none`: not yet possible, delivering says so. */
  readonly delivery: 'send' | 'route' | 'none';
  /** What the script said as options. */
  fromScript(options: Readonly<Record<string, unknown>>): HandlerOptions;
  /** Throws OptionsError: what is wrong with the options, with the text of the API. */
  check(options: unknown, configuration: HandlerConfiguration): void;
  /** The same for a handler of a script: throws OptionsError with the text that enabling the task fails with. */
  checkAtStart(options: unknown, configuration: HandlerConfiguration): void;
  /** What the topic does itself; only where `delivery` is `route`. Throws OptionsError. */
  routeOf(options: unknown): Route | undefined;
  /** Throws OptionsError. Only where `delivery` is `send`. */
  createSender(options: unknown, services: HandlerServices): Sender;
}

export interface AlertHandlerDeclaration<A extends ParameterRecord, P extends PropertyRecord, R extends OptionRecord> {
  readonly kind: string;
  readonly summary: string;
  readonly since?: string;
  readonly script?: {
    /** The TICKscript method. */
    readonly name: string;
    readonly goType: string;
    readonly args: A;
    readonly properties: P;
    validate?(options: OptionsOf<A, P>): string | undefined;
    /** The same as options; members that are undefined are left out. */
    toOptions(options: OptionsOf<A, P>): { readonly [K in keyof R]?: unknown };
  };
  readonly topic: { readonly goType: string; readonly options: R };
  /** The first message that is wrong with decoded options. */
  validate?(options: DecodedOptions<R>, configuration: HandlerConfiguration): string | undefined;
  routes?(options: DecodedOptions<R>): Route;
  readonly runtime?: { create(options: DecodedOptions<R>, services: HandlerServices): Sender };
}

/** Gives the declaration its precise types and makes the handler of it. */
export function defineAlertHandler<R extends OptionRecord, A extends ParameterRecord, P extends PropertyRecord>(
  declaration: AlertHandlerDeclaration<A, P, R>,
): AlertHandler {
  const { kind, summary, since, script, topic, runtime } = declaration;
  const decode = (options: unknown) => decodeOptions(topic.options, topic.goType, options);
  return {
    kind,
    summary,
    options: topic.options,
    delivery: declaration.routes !== undefined ? 'route' : runtime === undefined ? 'none' : 'send',
    ...(script && {
      script: defineHandler({
        name: script.name,
        kind,
        goType: script.goType,
        summary,
        args: script.args,
        properties: script.properties,
        ...(script.validate && { validate: (options: OptionsOf<A, P>) => script.validate!(options) }),
        ...(since !== undefined && { since }),
      }),
    }),
    fromScript(options) {
      if (script === undefined) throw new TypeError(`${kind} is no handler of scripts`);
      const given = Object.entries(script.toOptions(options as OptionsOf<A, P>));
      return Object.fromEntries(given.filter(([, value]) => value !== undefined));
    },
    check(options, configuration) {
      const decoded = decode(options);
      const problem = declaration.validate?.(decoded, configuration);
      if (problem !== undefined) throw new OptionsError(problem);
    },
    checkAtStart(options, configuration) {
      const decoded = decode(options);
      const problem = declaration.validate?.(decoded, configuration);
      if (problem !== undefined) throw new OptionsError(`failed to create ${kind} alert handler: ${problem}`);
    },
    routeOf: (options) => declaration.routes?.(decode(options)),
    createSender(options, services) {
      if (runtime === undefined) throw new OptionsError(undeliverable(kind));
      const decoded = decode(options);
      const configuration = { hasEndpoint: (name: string) => services.endpoint(name) !== undefined };
      const problem = declaration.validate?.(decoded, configuration);
      if (problem !== undefined) throw new OptionsError(problem);
      return runtime.create(decoded, services);
    },
  };
}

/** The text for a handler that can be defined but not yet delivered to. */
export function undeliverable(kind: string): string {
  return `alert handler "${kind}" is known but cannot deliver events in this version`;
}

/** A duration as an option. */
export function nanoseconds(duration: bigint): string {
  return `${duration}ns`;
}
