import 'reflect-metadata';
import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@supercap/config';
import { createLogger, ignoreHangup, nestLogger } from '@supercap/telemetry';
import { Recorder } from './recorder';

const settings = loadSettings(process.env);
const logger = createLogger('recorder', settings.server.logLevel);
ignoreHangup(logger);

class RecorderLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly recorder = new Recorder(settings, logger);

  async onApplicationBootstrap(): Promise<void> {
    await this.recorder.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.recorder.stop();
  }
}

@Module({ providers: [RecorderLifecycle] })
class RecorderModule {}

const app = await NestFactory.createApplicationContext(RecorderModule, {
  logger: nestLogger(logger),
  abortOnError: false,
});
app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
