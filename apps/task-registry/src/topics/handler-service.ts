import {
  handlerExists,
  handlerSpecProblem,
  MatchError,
  OptionsError,
  prepareHandler,
  type AlertHandler,
  type HandlerConfiguration,
  type HandlerSpec,
} from '@supercap/alerting';
import { channels, type registry } from '@supercap/protocol';
import type { StoredHandler, TopicRepository } from '@supercap/storage';
import { badRequest, notFound, serverError } from '@supercap/transport';
import { isJsonObject, type Json, sortedJson } from './json';
import { applyPatch, PatchError, readPatch } from './json-patch';
import { readPattern } from './topic-service';

export type HandlerStore = Pick<
  TopicRepository,
  'handlers' | 'handler' | 'addHandler' | 'replaceHandler' | 'deleteHandler' | 'notify'
>;

/** Handlers of topics. The executors attach them when they hear of a change. */
export class HandlerService {
  constructor(
    private readonly store: HandlerStore,
    private readonly handlerOf: (kind: string) => AlertHandler | undefined,
    private readonly configuration: HandlerConfiguration,
  ) {}

  async list({ topic, pattern }: registry.ListHandlersRequest): Promise<registry.Handler[]> {
    const glob = readPattern(pattern);
    const handlers = await this.store.handlers(topic);
    return handlers.filter((handler) => glob.matches(handler.id)).map(present);
  }

  async get({ topic, id }: registry.HandlerId): Promise<registry.Handler> {
    return present(await this.existing(topic, id));
  }

  async create(request: registry.Handler): Promise<registry.Handler> {
    const spec = specOf(request.topic, request);
    this.checkForm(spec);
    const failed = (reason: string) => serverError(`failed to create handler: ${reason}`);
    if ((await this.store.handler(spec.topic, spec.id)) !== undefined) throw failed(handlerExists(spec.id));
    this.checkOptions(spec, failed);
    if (!(await this.store.addHandler(spec))) throw failed(handlerExists(spec.id));
    await this.changed(spec.topic);
    return present(spec);
  }

  async replace({ topic, id, spec }: registry.ReplaceHandlerRequest): Promise<registry.Handler> {
    await this.existing(topic, id);
    return this.update(id, specOf(topic, spec!));
  }

  async patch({ topic, id, patchJson }: registry.PatchHandlerRequest): Promise<registry.Handler> {
    const before = await this.existing(topic, id);
    return this.update(id, patched(before, patchJson));
  }

  async delete({ topic, id }: registry.HandlerId): Promise<void> {
    if (await this.store.deleteHandler(topic, id)) await this.changed(topic);
  }

  private async existing(topic: string, id: string): Promise<StoredHandler> {
    const handler = await this.store.handler(topic, id);
    if (handler === undefined) throw unknown(id);
    return handler;
  }

  /** A new spec in place of the handler `id`. */
  private async update(id: string, spec: HandlerSpec): Promise<registry.Handler> {
    const failed = (reason: string) => serverError(`failed to update handler: ${reason}`);
    this.checkForm(spec);
    this.checkOptions(spec, failed);
    const done = await this.store.replaceHandler(id, spec);
    if (done === 'taken') throw failed(handlerExists(spec.id));
    if (!done) throw unknown(id);
    await this.changed(spec.topic);
    return present(spec);
  }

  private checkForm(spec: HandlerSpec): void {
    const problem = handlerSpecProblem(spec);
    if (problem !== undefined) throw badRequest(`invalid handler spec: ${problem}`);
  }

  private checkOptions(spec: HandlerSpec, failed: (reason: string) => Error): void {
    try {
      prepareHandler(spec, this.handlerOf, this.configuration);
    } catch (error) {
      throw error instanceof OptionsError || error instanceof MatchError ? failed(error.message) : error;
    }
  }

  private changed(topic: string): Promise<void> {
    return this.store.notify(channels.topics, topic);
  }
}

const unknown = (id: string) => notFound(`unknown handler: "${id}"`);

function specOf(topic: string, { id, kind, optionsJson, match }: registry.Handler): HandlerSpec {
  const options: unknown = optionsJson === '' ? {} : JSON.parse(optionsJson);
  return { topic, id, kind, options: isJsonObject(options) ? options : {}, match };
}

function present({ topic, id, kind, options, match }: HandlerSpec): registry.Handler {
  return { topic, id, kind, optionsJson: sortedJson(options), match };
}

/** Throws HttpError. */
function patched(before: StoredHandler, patchJson: string): HandlerSpec {
  const { id, topic, kind, options, match } = before;
  let operations;
  try {
    operations = readPatch(JSON.parse(patchJson) as Json);
  } catch (error) {
    if (!(error instanceof PatchError || error instanceof SyntaxError)) throw error;
    throw badRequest(`invalid patch json: ${patchJson === '' ? 'unexpected end of JSON input' : error.message}`);
  }
  let after: Json;
  try {
    after = applyPatch({ id, topic, kind, options: options as Json, match }, operations);
  } catch (error) {
    throw error instanceof PatchError ? badRequest(`failed to apply patch: ${error.message}`) : error;
  }
  const spec = readSpec(after);
  if (spec.topic !== topic) throw serverError('failed to update handler: cannot change topic in update');
  return spec;
}

/** A patch may have left out members, and have put in others of any kind. */
function readSpec(json: Json): HandlerSpec {
  const members = isJsonObject(json) ? json : {};
  const text = (name: string): string => {
    const value = members[name] ?? '';
    if (typeof value !== 'string') throw badRequest(`failed to unmarshal JSON: ${name} must be a string`);
    return value;
  };
  const options = members['options'] ?? {};
  if (!isJsonObject(json) || !isJsonObject(options)) throw badRequest('failed to unmarshal JSON: expected an object');
  return { topic: text('topic'), id: text('id'), kind: text('kind'), options, match: text('match') };
}
