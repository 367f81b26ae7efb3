import { type Batch, type Point, resultJson, toRow } from '@supercap/data-model';
import { type HttpEndpoint, type HttpRequest, type NodeRuntime, StartError } from '@supercap/pipeline';
import { rowTemplate } from './row-template';

interface HttpPostOptions {
  readonly urls: readonly string[];
  readonly endpoint: readonly string[];
  readonly header: readonly (readonly [name: string, value: string])[];
  readonly codeField: string;
  readonly captureResponse: boolean;
  readonly timeout: bigint;
}

/** Headers by name in any case: later ones replace earlier ones. */
function mergeHeaders(groups: Iterable<Iterable<readonly [string, string]>>): Record<string, string> {
  const headers = new Map<string, readonly [string, string]>();
  for (const group of groups) for (const header of group) headers.set(header[0].toLowerCase(), header);
  return Object.fromEntries(headers.values());
}

function headersOf({ header }: HttpPostOptions, endpoint: HttpEndpoint | undefined): Record<string, string> {
  const auth = endpoint?.basicAuth;
  return mergeHeaders([
    endpoint?.rowTemplate === undefined ? [['Content-Type', 'application/json']] : [],
    Object.entries(endpoint?.headers ?? {}),
    auth === undefined
      ? []
      : [['Authorization', `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`]],
    header,
  ]);
}

export const httpPostRuntime: NodeRuntime<HttpPostOptions, undefined, undefined> = {
  kind: 'waiting',
  create({ options, ports, report }) {
    const [endpointName] = options.endpoint;
    const endpoint = endpointName === undefined ? undefined : ports.endpoint(endpointName);
    if (endpointName !== undefined && endpoint === undefined) {
      throw new StartError(`endpoint '${endpointName}' does not exist`);
    }
    const url = rowTemplate('url', endpoint?.url ?? options.urls[0]!);
    const headers = headersOf(options, endpoint);
    const body =
      endpoint?.rowTemplate === undefined
        ? (data: Point | Batch) => `${resultJson([toRow(data)])}\n`
        : rowTemplate('row', endpoint.rowTemplate);

    /** The status of the answer, 0 if there was none. */
    const post = async (data: Point | Batch, signal: AbortSignal): Promise<number> => {
      try {
        const request: HttpRequest = {
          method: 'POST',
          url: url(data),
          headers,
          body: body(data),
          ...(options.timeout > 0n ? { timeout: options.timeout } : {}),
        };
        const { status, body: answer } = await ports.http.request(request, signal);
        if (status < 200 || status > 299) {
          const cause = options.captureResponse
            ? answer
            : 'unknown error, use .captureResponse() to capture the HTTP response';
          report('POST returned non 2xx status code', cause, { code: status });
        }
        return status;
      } catch (error) {
        if (!signal.aborted) report('failed to POST data', error instanceof Error ? error.message : String(error));
        return 0;
      }
    };

    const { codeField } = options;
    return {
      async point(point, _state, signal) {
        const code = await post(point, signal);
        return codeField === '' ? point : point.withField(codeField, BigInt(code));
      },
      async batch(batch, _state, signal) {
        const code = await post(batch, signal);
        if (codeField === '') return batch;
        return batch.withPoints(batch.points.map((point) => point.withField(codeField, BigInt(code))));
      },
    };
  },
};
