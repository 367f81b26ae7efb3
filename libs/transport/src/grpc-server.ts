import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServiceDefinition,
  type UntypedServiceImplementation,
  type handleClientStreamingCall,
  type handleUnaryCall,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { health } from '@supercap/protocol';
import { withRequestId, type Logger } from '@supercap/telemetry';
import { randomUUID } from 'node:crypto';
import { HttpError } from './http-error';

export const HTTP_STATUS_KEY = 'http-status';
export const HTTP_MESSAGE_KEY = 'http-message-bin';
export const REQUEST_ID_KEY = 'x-request-id';

/** Larger than the largest script or replay entry. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

const MAX_ERROR_BYTES = 16 * 1024;

const requestIdOf = (metadata: Metadata) => metadata.get(REQUEST_ID_KEY)[0]?.toString() ?? randomUUID();

/** Headers have a limit, above which the caller would see no error but a broken connection. */
function textBytes(text: string): Buffer {
  const bytes = Buffer.from(text);
  return bytes.length <= MAX_ERROR_BYTES ? bytes : Buffer.from(`${bytes.subarray(0, MAX_ERROR_BYTES).toString()}…`);
}

function toServiceError(error: unknown, log: Logger, call: string) {
  const metadata = new Metadata();
  if (error instanceof HttpError) {
    metadata.set(HTTP_STATUS_KEY, String(error.status));
    // Binary: error texts hold newlines and letters of every script.
    metadata.set(HTTP_MESSAGE_KEY, textBytes(error.message));
    return { code: status.FAILED_PRECONDITION, details: 'refused', metadata };
  }
  log.error({ err: error, call }, 'call failed');
  return { code: status.INTERNAL, details: textBytes(publicText(error)).toString(), metadata };
}

/** What a database client says of its queries is for the log alone. */
function publicText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name.startsWith('PrismaClient') ? 'the database cannot be asked' : error.message;
}

/** Serves one call with a promise; HttpErrors reach the caller as such. */
export function unary<Request, Response>(
  log: Logger,
  serve: (request: Request, call: ServerUnaryCall<Request, Response>) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    withRequestId(requestIdOf(call.metadata), () => {
      serve(call.request, call).then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error, log, call.getPath())),
      );
    });
  };
}

/** Serves a stream of requests with one answer. */
export function clientStreaming<Request, Response>(
  log: Logger,
  serve: (requests: ServerReadableStream<Request, Response>) => Promise<Response>,
): handleClientStreamingCall<Request, Response> {
  return (call: ServerReadableStream<Request, Response>, callback: sendUnaryData<Response>) => {
    withRequestId(requestIdOf(call.metadata), () => {
      serve(call).then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error, log, call.getPath())),
      );
    });
  };
}

/** Name of the health check that asks only whether the process answers, whatever it depends on. */
export const LIVE_SERVICE = 'live';

/** A gRPC server with the standard health service. */
export class GrpcServer {
  private readonly server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    'grpc.keepalive_permit_without_calls': 1,
  });
  private ready = false;

  constructor(private readonly isHealthy: () => boolean = () => true) {
    this.server.addService(health.HealthService, {
      check: (
        { request }: ServerUnaryCall<health.HealthCheckRequest, health.HealthCheckResponse>,
        callback: sendUnaryData<health.HealthCheckResponse>,
      ) =>
        callback(null, {
          status:
            request.service === LIVE_SERVICE || (this.ready && this.isHealthy())
              ? health.HealthCheckResponse_ServingStatus.SERVING
              : health.HealthCheckResponse_ServingStatus.NOT_SERVING,
        }),
    } as UntypedServiceImplementation);
  }

  add(definition: ServiceDefinition, implementation: UntypedServiceImplementation): this {
    this.server.addService(definition, implementation);
    return this;
  }

  /** `address`: `host:port`. Resolves with the port that was bound. */
  listen(address: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
        if (error) return reject(error);
        this.ready = true;
        resolve(port);
      });
    });
  }

  /** Lets running calls end, for up to `ms`. */
  close(ms = 3000): Promise<void> {
    this.ready = false;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.server.forceShutdown();
        resolve();
      }, ms);
      this.server.tryShutdown(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
