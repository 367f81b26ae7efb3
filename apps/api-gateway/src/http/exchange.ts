import type { IncomingMessage } from 'node:http';
import { bodyText, lendBody, readBody, type BodyLimits, type LentBody } from './body';
import { unlimitedShare, type BodyShare } from './body-budget';
import type { JsonValue } from './json';
import { compactJson, indentedJson } from './json';
import type { Query } from './query';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** What a handler answers. */
export interface Reply {
  readonly status: number;
  readonly body?: string | Buffer;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const noContent: Reply = { status: 204 };
export const empty: Reply = { status: 200 };
export const indented = (value: JsonValue, status = 200): Reply => ({ status, body: indentedJson(value) });
export const compact = (value: JsonValue, status = 200): Reply => ({ status, body: compactJson(value) });

/** One request on its way through a handler. */
export class Exchange {
  constructor(
    readonly method: string,
    /** Percent-decoded and clean. */
    readonly path: string,
    readonly query: Query,
    readonly request: IncomingMessage,
    private readonly limits: BodyLimits,
    /** What a prefix route matched leaves over: `/tasks/` and the path `/tasks/a/b` give `a/b`. */
    readonly rest: string,
    private readonly share: BodyShare = unlimitedShare,
  ) {}

  get headers(): IncomingMessage['headers'] {
    return this.request.headers;
  }

  /** The body as it is, inflated. */
  body(limits: BodyLimits = this.limits): Promise<Buffer> {
    return readBody(this.request, limits, this.share);
  }

  /** The body for a while: to be given back. */
  lend(limits: BodyLimits = this.limits): Promise<LentBody> {
    return lendBody(this.request, limits, this.share);
  }

  /** Work that may take long: its signal is aborted when the client hangs up. */
  async whileConnected<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { socket } = this.request;
    const gone = new AbortController();
    const abort = () => gone.abort();
    socket.once('close', abort);
    try {
      return await work(gone.signal);
    } finally {
      socket.off('close', abort);
    }
  }

  async text(): Promise<string> {
    return bodyText(await this.body());
  }
}

export type Handler = (exchange: Exchange) => Promise<Reply> | Reply;
