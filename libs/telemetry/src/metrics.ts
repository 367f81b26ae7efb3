import {
  Counter as PromCounter,
  Gauge as PromGauge,
  Histogram as PromHistogram,
  Registry,
  collectDefaultMetrics,
} from 'prom-client';

export type Labels = Readonly<Record<string, string>>;

export interface Counter {
  add(value?: number, labels?: Labels): void;
}

export interface Gauge {
  set(value: number, labels?: Labels): void;
  /** Forgets the series of what is gone. */
  remove(labels: Labels): void;
}

export interface Histogram {
  observe(value: number, labels?: Labels): void;
}

/** What the labels of a series become once a metric has as many series as it may have. */
const rest = 'other';

/** The metrics of a process, for Prometheus. Labels come from users' names, so the series of each metric are bounded. */
export class Metrics {
  private readonly registry = new Registry();

  /** `maxSeries`: of each metric. */
  constructor(
    service: string,
    private readonly maxSeries = 1000,
  ) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry, prefix: 'supercap_' });
  }

  counter(name: string, help: string, labelNames: readonly string[] = []): Counter {
    const counter = new PromCounter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
    const bounded = this.bound(labelNames);
    return { add: (value = 1, labels = {}) => counter.inc(bounded.admit(labels), value) };
  }

  gauge(name: string, help: string, labelNames: readonly string[] = []): Gauge {
    const gauge = new PromGauge({ name, help, labelNames: [...labelNames], registers: [this.registry] });
    const bounded = this.bound(labelNames);
    return {
      set: (value, labels = {}) => gauge.set(bounded.admit(labels), value),
      remove(labels) {
        bounded.release(labels);
        gauge.remove({ ...labels });
      },
    };
  }

  /** A gauge that is read when it is asked for. */
  gaugeOf(name: string, help: string, read: () => number | Promise<number>): void {
    new PromGauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        this.set(await read());
      },
    });
  }

  histogram(name: string, help: string, buckets: readonly number[], labelNames: readonly string[] = []): Histogram {
    const histogram = new PromHistogram({
      name,
      help,
      labelNames: [...labelNames],
      buckets: [...buckets],
      registers: [this.registry],
    });
    const bounded = this.bound(labelNames);
    return { observe: (value, labels = {}) => histogram.observe(bounded.admit(labels), value) };
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** All of them in Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  private bound(labelNames: readonly string[]) {
    const known = new Set<string>();
    const others = Object.fromEntries(labelNames.map((name) => [name, rest]));
    const keyOf = (labels: Labels) => JSON.stringify(labelNames.map((name) => labels[name]));
    return {
      admit: (labels: Labels): Record<string, string> => {
        if (labelNames.length === 0) return {};
        const key = keyOf(labels);
        if (!known.has(key)) {
          if (known.size >= this.maxSeries) return others;
          known.add(key);
        }
        return { ...labels };
      },
      release: (labels: Labels) => void known.delete(keyOf(labels)),
    };
  }
}
