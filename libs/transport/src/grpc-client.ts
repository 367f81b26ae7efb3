import {
  Metadata,
  credentials,
  status,
  type CallOptions,
  type ChannelCredentials,
  type ChannelOptions,
  type ClientUnaryCall,
  type ServiceError,
} from '@grpc/grpc-js';
import { health } from '@supercap/protocol';
import { currentRequestId } from '@supercap/telemetry';
import { HTTP_MESSAGE_KEY, HTTP_STATUS_KEY, MAX_MESSAGE_BYTES, REQUEST_ID_KEY } from './grpc-server';
import { HttpError, unavailable } from './http-error';

export const DEFAULT_DEADLINE_MS = 15_000;

type ClientType<C> = new (address: string, channelCredentials: ChannelCredentials, options: ChannelOptions) => C;

/** A client of a service at `host:port`. It connects when first used and again whenever it must. */
export function grpcClient<C>(type: ClientType<C>, address: string): C {
  return new type(address, credentials.createInsecure(), {
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    'grpc.keepalive_time_ms': 10_000,
    'grpc.keepalive_timeout_ms': 5_000,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
  });
}

/** Metadata that every call carries. */
export function callMetadata(): Metadata {
  const metadata = new Metadata();
  const requestId = currentRequestId();
  if (requestId !== undefined) metadata.set(REQUEST_ID_KEY, requestId);
  return metadata;
}

/** What a failed call means to an HTTP client. */
export function fromServiceError(error: ServiceError, service: string): Error {
  const httpStatus = error.metadata?.get(HTTP_STATUS_KEY)[0];
  if (httpStatus !== undefined) {
    const text = error.metadata.get(HTTP_MESSAGE_KEY)[0];
    return new HttpError(Number(httpStatus), text === undefined ? error.details : text.toString());
  }
  if (error.code === status.UNAVAILABLE || error.code === status.CANCELLED) {
    return unavailable(`${service} cannot be reached`);
  }
  if (error.code === status.DEADLINE_EXCEEDED) return new HttpError(503, `${service} did not answer in time`);
  return new Error(`${service}: ${error.details}`);
}

export type UnaryMethod<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;

export interface CallLimits {
  /** Undefined: no deadline, the connection's keepalive watches instead. */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignal;
  /** Waits for a connection that is just being made (a service that restarts) for as long as the deadline allows. */
  readonly waitForReady?: boolean;
}

/** Calls a method of a client; refusals come back as HttpError, a service that is away as HttpError 503. */
export function call<Request, Response>(
  service: string,
  method: UnaryMethod<Request, Response>,
  request: Request,
  limits: CallLimits = { deadlineMs: DEFAULT_DEADLINE_MS },
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const options: Partial<CallOptions> =
      limits.deadlineMs === undefined ? {} : { deadline: Date.now() + limits.deadlineMs };
    const metadata = callMetadata();
    metadata.setOptions({ waitForReady: limits.waitForReady ?? true });
    const running = method(request, metadata, options, (error, response) => {
      limits.signal?.removeEventListener('abort', cancel);
      if (error) reject(fromServiceError(error, service));
      else resolve(response);
    });
    const cancel = () => running.cancel();
    limits.signal?.addEventListener('abort', cancel);
  });
}

/** Whether a service says that it serves. */
export async function isServing(address: string, deadlineMs = 1000): Promise<boolean> {
  const client = grpcClient(health.HealthClient, address);
  try {
    const answer = await call(
      'health',
      client.check.bind(client),
      { service: '' },
      { deadlineMs, waitForReady: false },
    );
    return answer.status === health.HealthCheckResponse_ServingStatus.SERVING;
  } catch {
    return false;
  } finally {
    client.close();
  }
}
