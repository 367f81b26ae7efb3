import type { PointLog } from '@supercap/point-log';
import { Metrics } from '@supercap/telemetry';
import type { WriteFigures } from './write/write-handler';

/** Seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** What the gateway counts. */
export class GatewayMetrics implements WriteFigures {
  private readonly metrics = new Metrics('api-gateway');
  private readonly writes = this.metrics.counter('supercap_writes_total', 'Writes that were acknowledged.');
  private readonly points = this.metrics.counter('supercap_points_written_total', 'Points that were acknowledged.');
  private readonly bytes = this.metrics.counter(
    'supercap_write_bytes_total',
    'Bytes of line protocol that were acknowledged.',
  );
  private readonly refusals = this.metrics.counter('supercap_writes_refused_total', 'Writes that were refused.', [
    'reason',
  ]);
  private readonly durations = this.metrics.histogram('supercap_http_request_seconds', 'Time to answer.', BUCKETS, [
    'kind',
    'status',
  ]);

  private readonly held = this.metrics.gauge('supercap_write_log_held', '1: who needs much of the write log.', [
    'holder',
  ]);
  private holder: string | undefined;

  /** `lag`: seconds by which the last task is behind the end of the write log. */
  constructor(
    private readonly log: Pick<PointLog, 'approximateBytes' | 'holder'>,
    lag: () => Promise<number>,
  ) {
    this.metrics.gaugeOf(
      'supercap_write_log_lag_seconds',
      'How far the last task is behind the end of the write log.',
      lag,
    );
    this.metrics.gaugeOf('supercap_write_log_bytes', 'Memory that the write log takes.', () => log.approximateBytes);
  }

  written(points: number, bytes: number): void {
    this.writes.add(1);
    this.points.add(points);
    this.bytes.add(bytes);
  }

  refused(reason: string): void {
    this.refusals.add(1, { reason });
  }

  answered(kind: string, status: number, seconds: number): void {
    this.durations.observe(seconds, { kind, status: `${Math.floor(status / 100)}xx` });
  }

  async text(): Promise<{ body: string; type: string }> {
    this.noteHolder();
    return { body: await this.metrics.text(), type: this.metrics.contentType };
  }

  private noteHolder(): void {
    const { holder } = this.log;
    if (holder === this.holder) return;
    if (this.holder !== undefined) this.held.remove({ holder: this.holder });
    this.holder = holder;
    if (holder !== undefined) this.held.set(1, { holder });
  }
}
