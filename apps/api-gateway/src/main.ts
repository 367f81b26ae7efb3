import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadSettings } from '@supercap/config';
import { collectGarbage, createLogger, ignoreHangup, nestLogger } from '@supercap/telemetry';
import { createServer } from 'node:http';
import { Gateway } from './gateway';
import { answerUnreadable } from './http/unreadable';
import { warmUp } from './write/warm-up';

const HEADERS_MS = 10_000;
const REQUEST_MS = 120_000;
const KEEP_ALIVE_MS = 65_000;
const DRAIN_MS = 2_000;

const settings = loadSettings(process.env);
const logger = createLogger('api-gateway', settings.server.logLevel);
ignoreHangup(logger);
const gateway = new Gateway(settings, logger);

@Module({})
class GatewayModule {}

// Paths, headers and errors must be the original's to the letter, and a write must not pass through a framework's body
// parsing: requests go straight from Node's server to the dispatcher, Fastify and Nest keep the life cycle.
const adapter = new FastifyAdapter({
  clientErrorHandler: answerUnreadable,
  serverFactory: () => {
    const server = createServer(
      {
        headersTimeout: HEADERS_MS,
        requestTimeout: REQUEST_MS,
        keepAliveTimeout: KEEP_ALIVE_MS,
        maxHeaderSize: 64 * 1024,
      },
      (request, response) => gateway.dispatcher.handle(request, response),
    );
    server.maxConnections = settings.limits.connections;
    return server;
  },
});

process.on('uncaughtException', (error) => logger.error({ err: error }, 'uncaught error'));
process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'));

const app = await NestFactory.create<NestFastifyApplication>(GatewayModule, adapter, {
  logger: nestLogger(logger),
  abortOnError: false,
  bodyParser: false,
});

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  // Idle connections go at once, requests that are being answered have a moment.
  const server = app.getHttpServer();
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
  await app.close();
  await gateway.stop();
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());

gateway.start();
collectGarbage();
await warmUp();
try {
  await app.listen({ port: settings.server.port, host: settings.server.host });
} catch (error) {
  logger.error({ err: error }, 'gateway cannot listen');
  process.exit(1);
}
logger.info({ port: settings.server.port }, 'gateway is ready');
