import type { Outcome, RenderedEvent } from '@supercap/alerting';
import { describe, expect, it } from 'vitest';
import { post } from './post.handler';
import { anEvent, EVENT_JSON, FakeServices } from './testing/services';

const URL = 'http://sink/al';

async function send(services: FakeServices, options: object, ...events: RenderedEvent[]): Promise<readonly Outcome[]> {
  return post.createSender(options, services).send(events, new AbortController().signal);
}

const failureOf = (outcome: Outcome | undefined) =>
  outcome?.kind === 'failed'
    ? { message: outcome.error.message, retry: outcome.error.retry, ...outcome.error.fields }
    : undefined;

describe('post', () => {
  it('sends the alert data as JSON, with the id of the event as the key of repetitions', async () => {
    const services = new FakeServices();
    expect(await send(services, { url: URL }, anEvent())).toEqual([{ kind: 'delivered' }]);
    expect(services.requests).toEqual([
      {
        method: 'POST',
        url: URL,
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'task/1/0/0' },
        body: EVENT_JSON,
      },
    ]);
  });

  it('writes what no header can hold in percent signs', async () => {
    const services = new FakeServices();
    await send(services, { url: URL }, anEvent({ eventId: 'ä task\n/1/0/0' }));
    expect(services.requests[0]!.headers!['Idempotency-Key']).toBe('%c3%a4%20task%0a/1/0/0');
  });

  it('sends the headers of the handler over those of the endpoint', async () => {
    const services = new FakeServices();
    services.endpoints.set('e', {
      url: 'http://endpoint/',
      headers: { 'X-One': 'endpoint', 'X-Two': 'endpoint' },
      basicAuth: { username: 'u', password: 'p' },
    });
    await send(services, { endpoint: 'e', headers: { 'X-Two': 'handler' } }, anEvent());
    expect(services.requests[0]).toMatchObject({
      url: 'http://endpoint/',
      headers: { 'X-One': 'endpoint', 'X-Two': 'handler', Authorization: 'Basic dTpw' },
    });
  });

  it('says that the alert data are JSON, whatever type it is told; what a template makes is of the type it is told', async () => {
    const services = new FakeServices();
    services.endpoints.set('e', { url: 'http://endpoint/', headers: {}, alertTemplate: 'x' });
    const headers = { 'Content-Type': 'text/plain' };
    await send(services, { url: URL, headers }, anEvent());
    await send(services, { endpoint: 'e', headers }, anEvent());
    expect(services.requests.map((request) => request.headers!['Content-Type'])).toEqual([
      'application/json',
      'text/plain',
    ]);
  });

  it('sends what the template of the endpoint makes of the alert data', async () => {
    const services = new FakeServices();
    services.endpoints.set('e', { url: 'http://endpoint/', headers: {}, alertTemplate: '{{ .ID }}={{ .Level }}' });
    await send(services, { endpoint: 'e' }, anEvent());
    expect(services.requests[0]!.body).toBe('i=CRITICAL');
    expect(services.requests[0]!.headers).not.toHaveProperty('Content-Type');
  });

  it('gives the whole alert data, and its tags, to a template that asks for JSON', async () => {
    const services = new FakeServices();
    services.endpoints.set('e', { url: 'http://endpoint/', headers: {}, alertTemplate: '{{ json . }}' });
    services.endpoints.set('tags', {
      url: 'http://endpoint/',
      headers: {},
      alertTemplate: '{{ range .Data.Series }}{{ json .Tags }}{{ end }}',
    });
    await send(services, { endpoint: 'e' }, anEvent());
    const dataJson = '{"series":[{"name":"m","tags":{"host":"a"},"columns":["time"],"values":[]}]}';
    await send(services, { endpoint: 'tags' }, anEvent({ dataJson }));
    expect(services.requests.map(({ body }) => body)).toEqual([EVENT_JSON, '{"host":"a"}\n']);
  });

  it('shows the triggering data as it is posted, as text and as JSON, and ints as ints', async () => {
    const dataJson =
      '{"series":[{"name":"m","tags":{"host":"a"},"columns":["time","n","v"],"values":[["1970-01-01T00:00:01Z",9007199254740993,2]]}]}';
    const row =
      '{"name":"m","tags":{"host":"a"},"columns":["time","n","v"],"values":[["1970-01-01T00:00:01Z",9007199254740993,2]]}';
    const event = anEvent({ dataJson, fields: { n: { int: '9007199254740993' }, v: 2 } });
    const body = async (alertTemplate: string) => {
      const services = new FakeServices();
      services.endpoints.set('e', { url: 'http://endpoint/', headers: {}, alertTemplate });
      await send(services, { endpoint: 'e' }, event);
      return services.requests[0]!.body;
    };
    expect(await body('{{ .Data }}')).toBe(dataJson);
    expect(await body('{{ json .Data }}')).toBe(`${dataJson}\n`);
    expect(await body('{{ json .Data.Series }}')).toBe(`[${row}]\n`);
    expect(
      await body(
        '{{ range .Data.Series }}{{ json . }}{{ range .Values }}{{ printf "%d %.1f" (index . 1) (index . 2) }}{{ end }}{{ end }}',
      ),
    ).toBe(`${row}\n9007199254740993 2.0`);
  });

  it('makes its address of the alert data', async () => {
    const services = new FakeServices();
    await send(services, { url: 'http://sink/{{ .Level }}' }, anEvent({ level: 'OK' }));
    expect(services.requests[0]!.url).toBe('http://sink/OK');
  });

  it('passes its limits on', async () => {
    const services = new FakeServices();
    await send(services, { url: URL, timeout: '5s', 'skip-ssl-verification': true }, anEvent());
    expect(services.requests[0]).toMatchObject({ timeout: 5_000_000_000n, skipTlsVerification: true });
  });

  it.each([
    [408, 'later'],
    [429, 'later'],
    [500, 'later'],
    [503, 'later'],
    [301, 'never'],
    [400, 'never'],
    [404, 'never'],
  ])('sorts the answer %i: %s', async (status, retry) => {
    const services = new FakeServices();
    services.respond = () => ({ status, body: 'why' });
    const [outcome] = await send(services, { url: URL }, anEvent());
    expect(failureOf(outcome)).toEqual({ message: 'POST returned non 2xx status code', retry, url: URL, code: status });
  });

  it('keeps the answer of a refusal when it is told to', async () => {
    const services = new FakeServices();
    services.respond = () => ({ status: 400, body: 'why' });
    const [outcome] = await send(services, { url: URL, 'capture-response': true }, anEvent());
    expect(failureOf(outcome)).toMatchObject({ response: 'why' });
  });

  it('goes on to the next event after a refusal', async () => {
    const services = new FakeServices();
    let answers = 0;
    services.respond = () => ({ status: answers++ === 0 ? 500 : 200, body: '' });
    const outcomes = await send(services, { url: URL }, anEvent(), anEvent({ eventId: 'e2' }));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'delivered']);
  });

  it('leaves the rest for later when nobody answers', async () => {
    const services = new FakeServices();
    services.respond = () => Promise.reject(new Error('connect ECONNREFUSED'));
    const outcomes = await send(services, { url: URL }, anEvent(), anEvent({ eventId: 'e2' }));
    expect(services.requests).toHaveLength(1);
    expect(outcomes.map(failureOf)).toEqual(
      Array(2).fill({ message: 'failed to POST alert data: connect ECONNREFUSED', retry: 'later', url: URL }),
    );
  });

  it('stops when it is told to', async () => {
    const services = new FakeServices();
    const outcomes = await post.createSender({ url: URL }, services).send([anEvent()], AbortSignal.abort());
    expect(services.requests).toEqual([]);
    expect(outcomes.map(failureOf)).toEqual([{ message: 'delivery was stopped', retry: 'later' }]);
  });

  it.each(['not a url', 'ftp://sink/', 'http://'])('does not try again where %s is no address', async (url) => {
    const services = new FakeServices();
    const [outcome] = await send(services, { url }, anEvent());
    expect(services.requests).toEqual([]);
    expect(failureOf(outcome)).toEqual({
      message: `failed to POST alert data: "${url}" is no HTTP address`,
      retry: 'never',
      url,
    });
  });

  it('does not try again what JSON cannot hold', async () => {
    const [outcome] = await send(
      new FakeServices(),
      { url: URL },
      anEvent({ dataJson: '', dataError: 'json: unsupported value: NaN' }),
    );
    expect(failureOf(outcome)).toEqual({ message: 'json: unsupported value: NaN', retry: 'never' });
  });
});

describe('options of post', () => {
  const check = (options: unknown) => post.check(options, { hasEndpoint: (name) => name === 'known' });

  it('need neither an address nor an endpoint that is configured: nothing is sent then, and never tried again', async () => {
    for (const options of [{}, { endpoint: 'nope' }]) {
      check(options);
      const services = new FakeServices();
      const sent = () => send(services, options, anEvent());
      if ('endpoint' in options)
        await expect(sent()).rejects.toMatchObject({ retry: 'never', message: 'unknown endpoint "nope"' });
      else expect(failureOf((await sent())[0])).toMatchObject({ retry: 'never' });
      expect(services.requests).toEqual([]);
    }
  });

  it('may name an endpoint beside an address: the endpoint counts where it is configured', async () => {
    const services = new FakeServices();
    services.endpoints.set('e', { url: 'http://endpoint/', headers: {} });
    await send(services, { url: URL, endpoint: 'e' }, anEvent());
    await send(services, { url: URL, endpoint: 'nope' }, anEvent());
    expect(services.requests.map(({ url }) => url)).toEqual(['http://endpoint/', URL]);
  });

  it('refuse headers that no request can be sent with', () => {
    expect(() => check({ url: URL, headers: { 'X-Team': 'таск', Authenticate: 'x' } })).not.toThrow();
    expect(() => check({ url: URL, headers: { Größe: 'x' } })).toThrow('invalid header name "Größe"');
    expect(() => check({ url: URL, headers: { X: 'a\nb' } })).toThrow(
      'invalid value of header "X": it holds a control character',
    );
  });

  it('refuse what post does not have', () => {
    expect(() => check({ nope: 1 })).toThrow(
      "failed to decode options into *httppost.HandlerConfig: 1 error(s) decoding:\n\n* '' has invalid keys: nope",
    );
  });
});
