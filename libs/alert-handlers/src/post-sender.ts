import {
  DeliveryError,
  eventJson,
  type HandlerServices,
  type RenderedEvent,
  retryForStatus,
  type Sender,
  sendEach,
} from '@supercap/alerting';
import type { HttpRequest, HttpResponse } from '@supercap/pipeline';
import { alertDataTemplate } from './alert-data';

export interface PostOptions {
  readonly url: string;
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly 'capture-response': boolean;
  readonly timeout: bigint;
  readonly 'skip-ssl-verification': boolean;
}

/** Posts the alert data, or what the endpoint's template makes of it. */
export function createPostSender(options: PostOptions, services: HandlerServices): Sender {
  const endpoint = options.endpoint === '' ? undefined : services.endpoint(options.endpoint);
  // An address counts where the endpoint is not configured.
  if (endpoint === undefined && options.url === '' && options.endpoint !== '') {
    throw new DeliveryError(`unknown endpoint "${options.endpoint}"`, 'never');
  }
  const address = alertDataTemplate('url', endpoint?.url ?? options.url);
  const body = endpoint?.alertTemplate === undefined ? undefined : alertDataTemplate('alert', endpoint.alertTemplate);

  const requestFor = (event: RenderedEvent): HttpRequest => ({
    method: 'POST',
    url: address(event),
    headers: {
      'Idempotency-Key': headerValue(event.eventId),
      ...(endpoint?.basicAuth && { Authorization: basic(endpoint.basicAuth) }),
      ...endpoint?.headers,
      ...options.headers,
      // What a template makes is of any type, the alert data of this one only.
      ...(body === undefined && { 'Content-Type': 'application/json' }),
    },
    body: body === undefined ? eventJson(event) : body(event),
    ...(options.timeout > 0n && { timeout: options.timeout }),
    ...(options['skip-ssl-verification'] && { skipTlsVerification: true }),
  });

  return sendEach(async (event, signal) => {
    const request = requestFor(event);
    if (!isAddress(request.url)) {
      throw new DeliveryError(`failed to POST alert data: "${request.url}" is no HTTP address`, 'never', {
        url: request.url,
      });
    }
    let response: HttpResponse;
    try {
      response = await services.http.request(request, signal);
    } catch (error) {
      const message = `failed to POST alert data: ${reason(error)}`;
      throw new DeliveryError(message, 'later', { url: request.url }, 'receiver');
    }
    if (response.status >= 200 && response.status < 300) return;
    throw new DeliveryError('POST returned non 2xx status code', retryForStatus(response.status), {
      url: request.url,
      code: response.status,
      ...(options['capture-response'] && { response: response.body }),
    });
  });
}

/** A task id may hold anything; a header only visible ASCII. */
function headerValue(text: string): string {
  return text.replace(/[^!-~]+/g, (part) =>
    [...Buffer.from(part)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

function basic({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
