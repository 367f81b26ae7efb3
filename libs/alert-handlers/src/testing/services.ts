import type { HandlerServices, RenderedEvent } from '@supercap/alerting';
import type { HttpEndpoint, HttpRequest, HttpResponse } from '@supercap/pipeline';

/** Services that note what handlers asked of them. */
export class FakeServices implements HandlerServices {
  readonly requests: HttpRequest[] = [];
  readonly appended: { path: string; text: string; mode: number }[] = [];
  readonly runs: { program: string; args: readonly string[]; input: string }[] = [];
  readonly sent: { address: string; text: string }[] = [];
  readonly endpoints = new Map<string, HttpEndpoint>();
  respond: (request: HttpRequest) => HttpResponse | Promise<HttpResponse> = () => ({ status: 200, body: '' });
  exitCode: number | undefined = 0;
  /** What every port fails with, if anything. */
  failure: Error | undefined;

  readonly http = {
    request: async (request: HttpRequest): Promise<HttpResponse> => {
      this.requests.push(request);
      return this.respond(request);
    },
  };

  readonly files = {
    append: async (path: string, text: string, mode: number): Promise<void> => {
      this.fail();
      this.appended.push({ path, text, mode });
    },
  };

  readonly processes = {
    run: async (program: string, args: readonly string[], input: string) => {
      this.fail();
      this.runs.push({ program, args, input });
      return { code: this.exitCode, output: 'its output' };
    },
  };

  readonly tcp = {
    send: async (address: string, text: string): Promise<void> => {
      this.fail();
      this.sent.push({ address, text });
    },
  };

  endpoint(name: string): HttpEndpoint | undefined {
    return this.endpoints.get(name);
  }

  private fail(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}

/** An event with everything that a test does not care for. */
export function anEvent(given: Partial<RenderedEvent> = {}): RenderedEvent {
  return {
    eventId: 'task/1/0/0',
    topic: 't',
    id: 'i',
    message: 'i is CRITICAL',
    details: '',
    time: '1500000000000000000',
    duration: '0',
    level: 'CRITICAL',
    previousLevel: 'OK',
    recoverable: true,
    name: 'm',
    taskName: 'task',
    group: 'nil',
    tags: { host: 'a' },
    fields: { v: 90 },
    dataJson: '{"series":[{"name":"m","columns":["time","v"],"values":[["2017-07-14T02:40:00Z",90]]}]}',
    ...given,
  };
}

export const EVENT_JSON =
  '{"id":"i","message":"i is CRITICAL","details":"","time":"2017-07-14T02:40:00Z","duration":0,"level":"CRITICAL",' +
  '"data":{"series":[{"name":"m","columns":["time","v"],"values":[["2017-07-14T02:40:00Z",90]]}]},' +
  '"previousLevel":"OK","recoverable":true}\n';
