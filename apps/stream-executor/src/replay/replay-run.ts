import {
  InhibitionTable,
  planDeliveries,
  prepareHandler,
  rankOf,
  renderEvent,
  TopicStates,
  type AlertHandler,
  type HandlerConfiguration,
  type PublishedEvent,
  type RenderedEvent,
  type TopicHandler,
} from '@supercap/alerting';
import { Dataflow, systemClock, type DataflowLimits } from '@supercap/dataflow';
import { EntryReader, encodeEntry } from '@supercap/line-protocol';
import type { Batch, Point } from '@supercap/data-model';
import { decodePipeline, StartError, type Catalog, type Ports, type TaskInfo } from '@supercap/pipeline';
import type { PointLog } from '@supercap/point-log';
import type { EventStore } from '@supercap/storage';
import type { Logger } from '@supercap/telemetry';
import { commonPorts, type PortServices } from '../ports/node-ports';
import { ReplayDeliveries, type Send } from './replay-deliveries';

export interface ReplayServices {
  readonly ports: PortServices;
  readonly catalog: Catalog;
  readonly limits: DataflowLimits;
  readonly store: Pick<EventStore, 'collect'>;
  readonly log: PointLog;
  readonly logger: Logger;
  readonly configuration: HandlerConfiguration;
  handlerOf(kind: string): AlertHandler | undefined;
  topicHandlers(topic: string): readonly TopicHandler[];
  /** With the attempts of a replay. */
  readonly send: Send;
}

export interface ReplayOrder {
  readonly replayId: string;
  readonly taskId: string;
  readonly type: 'stream' | 'batch';
  readonly pipelineJson: string;
  readonly dbrps: readonly { readonly db: string; readonly rp: string }[];
}

/** A private copy of a task over recorded data: nothing of the live task is touched, its handlers act for real. */
export class ReplayRun {
  readonly dataflow: Dataflow;
  private readonly entries = new EntryReader();
  private readonly states = new TopicStates();
  private readonly attached = new Map<string, readonly TopicHandler[]>();
  private readonly inhibition = new InhibitionTable();
  private readonly outputs = new Map<string, () => string>();
  private readonly deliveries: ReplayDeliveries;
  private readonly writes: Promise<unknown>[] = [];
  private events = 0;
  private failure: string | undefined;

  constructor(
    readonly order: ReplayOrder,
    private readonly services: ReplayServices,
  ) {
    const task: TaskInfo = { id: order.taskId, type: order.type, dbrps: order.dbrps, master: order.replayId };
    this.deliveries = new ReplayDeliveries(services.send, (error) =>
      services.logger.error({ replay: order.replayId, err: error }, 'an event of a replay could not be delivered'),
    );
    const ports = this.ports();
    this.dataflow = new Dataflow(decodePipeline(order.pipelineJson), {
      task,
      clock: systemClock,
      log: (level, message, fields) =>
        services.logger[level]({ task: order.taskId, replay: order.replayId, ...fields }, message),
      limits: services.limits,
      definition: (kind) => services.catalog.get(kind),
      portsOf: () => ports,
      failed: (error) => {
        this.failure = error.message;
      },
    });
  }

  /** Throws what the task cannot start for. */
  async start(): Promise<void> {
    await this.dataflow.start();
  }

  /** Why the task stopped; undefined: it runs. */
  get error(): string | undefined {
    return this.failure;
  }

  async feedEntry(entry: Uint8Array): Promise<void> {
    const filter = this.measurements();
    const points: Point[] = [];
    this.entries.read(entry).forEach((block, row) => {
      const times = filter(block.name);
      for (let i = 0; i < times; i++) points.push(block.pointAt(row));
    });
    await this.deliveries.ready();
    for (const point of points) {
      if (this.dataflow.saturated) await this.dataflow.whenReady();
      this.dataflow.feed(point);
    }
  }

  async feedBatch(query: number, batch: Batch): Promise<void> {
    await this.deliveries.ready();
    if (this.dataflow.saturated) await this.dataflow.whenReady();
    this.dataflow.feedBatch(query, batch);
  }

  /** How often a point of a measurement enters the task, as in the live stream. */
  private measurements(): (name: string) => number {
    const { nodes } = this.dataflow.pipeline;
    const wanted = nodes
      .filter(({ kind }) => kind === 'from')
      .map(({ options }) => (typeof options['measurement'] === 'string' ? options['measurement'] : ''));
    const any = wanted.includes('');
    return (name) => (wanted.includes(name) && name !== '' ? 1 : 0) + (any ? 1 : 0);
  }

  /** The input has ended: resolves when all nodes and all handlers are done. */
  async finish(): Promise<void> {
    await this.dataflow.finish();
    await Promise.all(this.writes);
    await this.deliveries.done();
  }

  close(): void {
    this.deliveries.close();
    this.dataflow.close();
  }

  private ports(): Ports {
    const { services, order } = this;
    return {
      ...commonPorts(services.ports),
      alerts: {
        publish: (topics, event) => {
          const eventId = `replay/${order.replayId}/${this.events++}`;
          this.publish(renderEvent(event, eventId, topics));
        },
        state: (topic, id) => this.states.get(topic, id),
        restore: (topic, id, state) => this.states.set(topic, id, state),
        attach: (topic, handlers) => this.attach(topic, handlers),
        inhibit: (source, category, tags, active) =>
          active ? this.inhibition.activate({ source, category, tags }) : this.inhibition.deactivate(source),
        isInhibited: (category, tags) => this.inhibition.isInhibited(category, tags),
      },
      serve: (path, result) => {
        this.outputs.set(path, result);
        return () => this.outputs.delete(path);
      },
      loopback: (points) => {
        const [first] = points;
        if (first !== undefined) this.writes.push(services.log.append(encodeEntry(points, first.db, first.rp)));
      },
    };
  }

  private attach(
    topic: string,
    handlers: readonly { kind: string; options: Readonly<Record<string, unknown>> }[],
  ): void {
    const { handlerOf, configuration } = this.services;
    this.attached.set(
      topic,
      handlers.map(({ kind, options }, i) => {
        if (handlerOf(kind)?.delivery === 'none') {
          throw new StartError(`alert handler "${kind}" is known but cannot deliver events in this version`);
        }
        return prepareHandler({ topic, id: `${i}`, kind, options, match: '' }, handlerOf, configuration);
      }),
    );
  }

  private publish(events: readonly PublishedEvent[]): void {
    const plan = planDeliveries(
      events,
      (topic) => this.attached.get(topic) ?? this.services.topicHandlers(topic),
      this.states,
    );
    for (const { topic, handler, message } of plan.problems) {
      this.services.logger.error(
        { replay: this.order.replayId, topic, handler, err: message },
        'an event could not be handled',
      );
    }
    this.deliveries.take(plan.deliveries);
    // Topics with a name get the events as from the live task. Those of the replay itself end with it.
    const named = plan.collected.map(({ event }) => event).filter(({ topic }) => !this.attached.has(topic));
    if (named.length > 0) this.writes.push(this.collect(named));
  }

  private async collect(events: readonly RenderedEvent[]): Promise<void> {
    try {
      await this.services.store.collect(
        events.map((event) => ({
          eventId: event.eventId,
          topic: event.topic,
          id: event.id,
          level: rankOf(event.level),
          previousLevel: rankOf(event.previousLevel),
          previousTime: 0n,
          message: event.message,
          details: event.details,
          time: BigInt(event.time),
          duration: BigInt(event.duration),
          taskId: this.order.taskId,
        })),
        undefined,
      );
    } catch (error) {
      this.services.logger.error(
        { replay: this.order.replayId, err: error },
        'an event of a replay could not be stored',
      );
    }
  }
}
