import 'reflect-metadata';
import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@supercap/config';
import { createLogger, ignoreHangup, nestLogger } from '@supercap/telemetry';
import { Executor } from './executor';

const settings = loadSettings(process.env);
const logger = createLogger('stream-executor', settings.server.logLevel);
ignoreHangup(logger);

class ExecutorLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly executor = new Executor(settings, logger);

  async onApplicationBootstrap(): Promise<void> {
    await this.executor.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.executor.stop();
  }
}

@Module({ providers: [ExecutorLifecycle] })
class ExecutorModule {}

const app = await NestFactory.createApplicationContext(ExecutorModule, {
  logger: nestLogger(logger),
  abortOnError: false,
});
app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
