import { encodeEntry } from '@supercap/line-protocol';
import type { HttpClient, InfluxPort, Ports } from '@supercap/pipeline';
import type { PointLog } from '@supercap/point-log';
import type { Settings } from '@supercap/config';
import type { Logger } from '@supercap/telemetry';
import type { AlertService } from '../alerts/alert-service';
import type { Inhibitors } from '../alerts/inhibitors';
import type { Place, TaskRun } from '../runs/task-run';
import { readFolder } from './folders';
import type { HttpOuts } from './http-outs';
import type { Sideloads } from './sideloads';

export interface ServerFacts {
  readonly hostname: string;
  readonly clusterId: string;
  readonly serverId: string;
}

export interface PortServices {
  readonly settings: Settings;
  readonly facts: ServerFacts;
  readonly http: HttpClient;
  readonly influx: InfluxPort;
  readonly httpOuts: HttpOuts;
  readonly sideloads: Sideloads;
  readonly alerts: AlertService;
  readonly inhibitors: Inhibitors;
  readonly log: PointLog;
  readonly logger: Logger;
}

/** What every node gets, whoever runs it. */
export function commonPorts(services: PortServices): Omit<Ports, 'alerts' | 'serve' | 'loopback'> {
  const { settings, facts, http, influx } = services;
  return {
    http,
    influx,
    endpoint: (name) => settings.endpoints.get(name),
    readFolder,
    onSideloadReload: services.sideloads.onReload,
    server: facts,
    deadman: { id: settings.deadman.id, message: settings.deadman.message },
  };
}

/** Numbers what a node sends out within one entry of the log: the same when the entry is read again. */
class Numbering {
  private at: string | undefined;
  private next = 0;

  number(offset: string): number {
    if (offset !== this.at) {
      this.at = offset;
      this.next = 0;
    }
    return this.next++;
  }
}

/** Writes of one run back into the log that are under way. */
export class Loopbacks {
  private readonly pending = new Set<Promise<unknown>>();
  private tail: Promise<unknown> = Promise.resolve();

  add(write: () => Promise<unknown>): void {
    const done = this.tail.then(write).finally(() => this.pending.delete(done));
    // In order: points of one series keep theirs.
    this.tail = done.catch(() => undefined);
    this.pending.add(done);
    done.catch(() => undefined);
  }

  get full(): boolean {
    return this.pending.size >= 1000;
  }

  /** Rejects when one of them failed. */
  async flushed(): Promise<void> {
    await Promise.all(this.pending);
  }
}

/** The ports of one node of a live run. */
export function livePorts(services: PortServices, run: TaskRun, nodeName: string, loopbacks: Loopbacks): Ports {
  const { alerts, inhibitors, httpOuts, log, logger } = services;
  const events = new Numbering();
  const writes = new Numbering();
  const base = `${run.taskId}/${run.generation}`;
  let ticks = 0;
  const place = () => run.dataflow.place as Place | undefined;
  return {
    ...commonPorts(services),
    alerts: {
      publish(topics, event) {
        const at = place();
        // What a tick of the clock made is not made again from the log: its id belongs to this owner.
        const id =
          at === undefined
            ? `${base}/epoch-${run.epoch}/${nodeName}/${ticks++}`
            : `${base}/${at.offset}/${nodeName}/${events.number(at.offset)}`;
        alerts.publish(run, id, topics, event);
      },
      state: (topic, id) => alerts.states.get(topic, id),
      restore: (topic, id, state) => {
        alerts.restore(topic, id, state).catch((error: unknown) => {
          logger.warn({ task: run.taskId, err: String(error) }, 'the state of a topic could not be restored');
        });
      },
      attach: (topic, handlers) => alerts.attach(topic, handlers),
      inhibit(source, category, tags, active) {
        // An owner that lost its run says nothing more: the next one does.
        if (!active && (run.status === 'lost' || run.status === 'building')) return;
        inhibitors.set({ source, category, tags }, active);
      },
      isInhibited: (category, tags) => inhibitors.table.isInhibited(category, tags),
    },
    serve: (path, result) => httpOuts.serve(run.taskId, path, result),
    loopback(points) {
      const at = place();
      const [first] = points;
      if (first === undefined) return;
      const source = `${base}/${nodeName}`;
      const number = at === undefined ? undefined : writes.number(at.offset);
      loopbacks.add(async () => {
        const provenance =
          at === undefined || number === undefined
            ? undefined
            : { task: run.taskId, generation: run.generation, offset: at.offset, number };
        const entry = encodeEntry(points, first.db, first.rp, provenance);
        await log.appendOnce(entry, source, provenance);
      });
    },
  };
}
