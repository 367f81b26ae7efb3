import { describe, expect, it } from 'vitest';
import { FakePorts } from '@supercap/dataflow/testing';
import { startScript } from '../testing';

async function post(chain: string, input: string, ports = new FakePorts()) {
  const run = await startScript(`stream|from()${chain}`, { ports });
  run.write(input);
  await run.run.dataflow.whenIdle();
  return { ports, output: run.output, errors: run.errors };
}

describe('httpPost', () => {
  it('posts a result with one row for each point, and passes the point on', async () => {
    const { ports, output } = await post("|httpPost('http://x/y')", 'm,h=a v=1 0\nm,h=a v=2 1');
    expect(ports.requests.map(({ method, url, body }) => [method, url, body])).toEqual([
      [
        'POST',
        'http://x/y',
        '{"series":[{"name":"m","tags":{"h":"a"},"columns":["time","v"],"values":[["1970-01-01T00:00:00Z",1]]}]}\n',
      ],
      [
        'POST',
        'http://x/y',
        '{"series":[{"name":"m","tags":{"h":"a"},"columns":["time","v"],"values":[["1970-01-01T00:00:01Z",2]]}]}\n',
      ],
    ]);
    expect(ports.requests[0]!.headers).toEqual({ 'Content-Type': 'application/json' });
    expect(output).toBe('m,h=a v=1 0\nm,h=a v=2 1');
  });

  it('adds the status of the answer to every point of a batch', async () => {
    const chain = "|window().period(2s).every(2s)|httpPost('http://x/').codeField('code')";
    const { output, ports } = await post(chain, 'm v=1 0\nm v=2 1\nm v=3 2');
    expect(ports.requests).toHaveLength(1);
    expect(output).toBe('batch m 2\nm code=200i,v=1 0\nm code=200i,v=2 1');
  });

  it('reports an answer that is not 2xx, with its body only when asked', async () => {
    const ports = new FakePorts();
    ports.respond = () => ({ status: 503, body: 'busy' });
    const plain = await post("|httpPost('http://x/').codeField('code')", 'm v=1 0', ports);
    expect(plain.output).toBe('m code=503i,v=1 0');
    expect(plain.errors).toEqual([
      'POST returned non 2xx status code: unknown error, use .captureResponse() to capture the HTTP response',
    ]);
    const captured = await post("|httpPost('http://x/').captureResponse()", 'm v=1 0', ports);
    expect(captured.errors).toEqual(['POST returned non 2xx status code: busy']);
  });

  it('passes data on when no answer comes', async () => {
    const ports = new FakePorts();
    ports.respond = () => {
      throw new Error('connection refused');
    };
    const { output, errors } = await post("|httpPost('http://x/').codeField('code')", 'm v=1 0', ports);
    expect(output).toBe('m code=0i,v=1 0');
    expect(errors).toEqual(['failed to POST data: connection refused']);
  });

  it('uses a configured endpoint; headers of the node come over those of the endpoint, in any case', async () => {
    const ports = new FakePorts();
    ports.endpoints.set('e', {
      url: 'http://endpoint/',
      headers: { 'X-Team': 'infra', 'X-Other': '1' },
      basicAuth: { username: 'u', password: 'p' },
    });
    await post("|httpPost().endpoint('e').header('x-team', 'ops').timeout(3s)", 'm v=1 0', ports);
    expect(ports.requests[0]).toMatchObject({
      url: 'http://endpoint/',
      timeout: 3_000_000_000n,
      headers: {
        'Content-Type': 'application/json',
        Authorization: 'Basic dTpw',
        'x-team': 'ops',
        'X-Other': '1',
      },
    });
    expect(ports.requests[0]!.headers).not.toHaveProperty('X-Team');
  });

  it('renders the URL and the row template of an endpoint over the data', async () => {
    const ports = new FakePorts();
    ports.endpoints.set('e', {
      url: 'http://x/{{ .Name }}/{{ index .Tags "h" }}',
      headers: {},
      rowTemplate: '{{ range .Values }}{{ .time }} {{ .v }};{{ end }}',
    });
    await post("|httpPost().endpoint('e')", 'm,h=a v=1.5 0', ports);
    const [request] = ports.requests;
    expect(request).toMatchObject({ url: 'http://x/m/a', body: '1970-01-01 00:00:00 +0000 UTC 1.5;', headers: {} });
  });

  it('knows the functions of JSON in row templates', async () => {
    const ports = new FakePorts();
    ports.endpoints.set('e', { url: 'http://e/', headers: {}, rowTemplate: '{{ json .Tags }}{{ jsonCompact . }}' });
    await post("|httpPost().endpoint('e')", 'm,h=a v=2,n=1i 1', ports);
    expect(ports.requests[0]!.body).toBe(
      '{"h":"a"}\n{"Name":"m","Tags":{"h":"a"},"Values":[{"n":1,"time":"1970-01-01T00:00:01Z","v":2}]}',
    );
  });

  it('renders a URL of its own, and refuses one that is no template', async () => {
    const { ports } = await post("|httpPost('http://x/{{ .Name }}')", 'm v=1 0');
    expect(ports.requests[0]!.url).toBe('http://x/m');
    await expect(startScript("stream|from()|httpPost('http://x/{{ .Name ')")).rejects.toThrow('template: url');
  });

  it('reports a template that fails and passes the point on', async () => {
    const { output, errors, ports } = await post("|httpPost('http://x/{{ .Nope }}').codeField('c')", 'm v=1 0');
    expect(output).toBe('m c=0i,v=1 0');
    expect(errors).toHaveLength(1);
    expect(ports.requests).toHaveLength(0);
  });

  it.each([
    ["|httpPost('a', 'b')", 'httpPost expects 0 or 1 arguments, got 2'],
    ["|httpPost().endpoint('a').endpoint('b')", 'httpPost expects 0 or 1 endpoints, got 2'],
    ['|httpPost()', 'must provide url or endpoint'],
    ["|httpPost('a').endpoint('b')", 'only one endpoint and url may be specified'],
    ["|httpPost('a').header('Authenticate', 'b')", "cannot set 'authenticate' header"],
    ["|httpPost('a').header('Größe', 'b')", 'invalid header name "Größe"'],
    ["|httpPost('a').header('X', 'b\nc')", 'invalid value of header "X": it holds a control character'],
    ["|httpPost().endpoint('nope')", "endpoint 'nope' does not exist"],
  ])('refuses %s', async (chain, error) => {
    await expect(startScript(`stream|from()${chain}`)).rejects.toThrow(error);
  });

  it('reports a value that JSON cannot hold and passes the point on', async () => {
    const { errors, ports } = await post("|eval(lambda: 1.0 / \"v\").as('r')|httpPost('http://x/')", 'm v=0 0');
    expect(errors).toEqual(['failed to POST data: json: unsupported value: +Inf']);
    expect(ports.requests).toHaveLength(0);
  });
});
