import 'reflect-metadata';
import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { listenAddress, loadSettings } from '@supercap/config';
import { nodeDefinitions } from '@supercap/nodes';
import { createCatalog } from '@supercap/pipeline';
import { compiler } from '@supercap/protocol';
import { createLogger, ignoreHangup, nestLogger } from '@supercap/telemetry';
import { GrpcServer, LogLevelBus, openRedis, unary } from '@supercap/transport';
import { Compiler } from './compiler';

const settings = loadSettings(process.env);
const logger = createLogger('tickscript-compiler', settings.server.logLevel);
ignoreHangup(logger);

class CompilerLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly grpc = new GrpcServer();
  private readonly redis = openRedis(settings.stores.redisUrl, logger);
  private readonly levels = new LogLevelBus(this.redis, (level) => void logger.setLevel(level));

  async onApplicationBootstrap(): Promise<void> {
    const { id, message, global, threshold, interval } = settings.deadman;
    const service = new Compiler(createCatalog(nodeDefinitions), {
      deadman: { id, message, ...(global && { global: { threshold, interval } }) },
      scriptBytes: settings.limits.scriptBytes,
    });
    const implementation: compiler.CompilerServer = {
      compile: unary(logger, async (request) => service.compile(request)),
      format: unary(logger, async (request) => service.format(request)),
      diagnose: unary(logger, async (request) => service.diagnose(request)),
      complete: unary(logger, async (request) => service.complete(request)),
    };
    this.grpc.add(compiler.CompilerService, { ...implementation });
    await this.grpc.listen(listenAddress(settings, settings.services.tickscriptCompiler));
    await this.levels.open();
    logger.info({ address: settings.services.tickscriptCompiler }, 'compiler is ready');
  }

  async onApplicationShutdown(): Promise<void> {
    await this.grpc.close();
    this.levels.close();
    this.redis.disconnect();
  }
}

@Module({ providers: [CompilerLifecycle] })
class CompilerModule {}

const app = await NestFactory.createApplicationContext(CompilerModule, {
  logger: nestLogger(logger),
  abortOnError: false,
});
app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
