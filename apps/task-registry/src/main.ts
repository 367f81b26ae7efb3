import 'reflect-metadata';
import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@supercap/config';
import { createLogger, ignoreHangup, nestLogger } from '@supercap/telemetry';
import { Registry } from './registry';

const settings = loadSettings(process.env);
const logger = createLogger('task-registry', settings.server.logLevel);
ignoreHangup(logger);

class RegistryLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly registry = new Registry(settings, logger);

  async onApplicationBootstrap(): Promise<void> {
    await this.registry.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.registry.stop();
  }
}

@Module({ providers: [RegistryLifecycle] })
class RegistryModule {}

const app = await NestFactory.createApplicationContext(RegistryModule, {
  logger: nestLogger(logger),
  abortOnError: false,
});
app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
