export { collectGarbage } from './collect-garbage';
export { ignoreHangup } from './hangup';
export { isLogLevel, logLevels, type LogLevel } from './level';
export { createLogger, type LogMethod, type Logger, type RootLogger } from './logger';
export { Metrics, type Counter, type Gauge, type Histogram, type Labels } from './metrics';
export { nestLogger } from './nest-logger';
export { redact } from './redact';
export { currentRequestId, withRequestId } from './request-id';
