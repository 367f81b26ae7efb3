import { noContent, type Handler } from './http/exchange';
import { v1Surface, type Route } from './http/routes';
import type { GatewayMetrics } from './metrics';

export interface HealthSources {
  readonly metrics: GatewayMetrics;
  /** Whether what a request needs can be reached. */
  ready(): Promise<boolean>;
}

/** Probes and metrics. */
export function healthRoutes({ metrics, ready }: HealthSources): Route[] {
  const route = (pattern: string, handler: Handler): Route => ({
    surface: v1Surface,
    method: 'GET',
    pattern,
    handler,
    kind: 'health',
  });
  return [
    route('/health/live', () => noContent),
    route('/health/ready', async () => ((await ready()) ? noContent : { status: 503, body: '{"ready":false}' })),
    route('/metrics', async () => {
      const { body, type } = await metrics.text();
      return { status: 200, body, type };
    }),
  ];
}
