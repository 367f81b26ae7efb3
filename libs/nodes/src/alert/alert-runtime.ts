import { alertHandler } from '@supercap/alert-handlers';
import { alertLevels, type AlertHandler, OptionsError, rankOf, undeliverable } from '@supercap/alerting';
import {
  Batch,
  type DeleteGroup,
  type FieldValue,
  type Group,
  type Message,
  Point,
  saturated,
  type Tags,
  type Time,
  ZERO_TIME,
} from '@supercap/data-model';
import {
  type AlertEvent,
  type Counter,
  type HandlerUse,
  type NodeContext,
  type Receiver,
  StartError,
} from '@supercap/pipeline';
import type { AlertOptions, AlertShared } from './alert.node';
import type { AlertState } from './alert-state';
import { AlertTexts, defaultDetails, defaultMessage, type Occurrence } from './alert-texts';
import { Annotations } from './annotations';
import { pushLevel, updateFlapping } from './flapping';
import { Inhibitors } from './inhibitors';
import { CRITICAL, LevelEvaluator, OK } from './levels';

type Context = NodeContext<AlertOptions & { readonly handlers?: readonly HandlerUse[] }, AlertShared>;

/** The running alert node: finds levels, decides which of them are events, and passes on what triggered one. */
export class AlertReceiver implements Receiver<AlertState> {
  private readonly levels: LevelEvaluator;
  private readonly texts: AlertTexts;
  private readonly annotations: Annotations;
  private readonly inhibitors: Inhibitors;
  private readonly anonymousTopic: string | undefined;
  private readonly topics: readonly string[];
  private readonly levelCounters: readonly Counter[];
  private readonly triggered: Counter;
  private readonly inhibited: Counter;
  private readonly tagRecords = new WeakMap<Tags, Readonly<Record<string, string>>>();
  private readonly stateChangesOnly: boolean;
  private readonly maxInterval: bigint;
  private readonly showsMessage: boolean;
  private readonly showsDetails: boolean;

  /** Throws StartError. */
  constructor(private readonly context: Context) {
    const { options, task, nodeName, ports } = context;
    this.texts = new AlertTexts(context);
    this.levels = new LevelEvaluator(context);
    this.annotations = new Annotations(options);
    checkFlapping(options);
    const handlers = startHandlers(context);
    this.inhibitors = new Inhibitors(options.inhibit, `${task.master}:${task.id}:${nodeName}`, ports.alerts);
    this.anonymousTopic = handlers.length > 0 ? `${task.master}:${task.id}:${nodeName}` : undefined;
    this.topics = [this.anonymousTopic, options.topic].filter(
      (topic): topic is string => topic !== undefined && topic !== '',
    );
    this.stateChangesOnly = options.stateChangesOnly !== undefined;
    this.maxInterval = options.stateChangesOnly?.maxInterval ?? 0n;
    this.triggered = context.counter('alerts_triggered');
    this.inhibited = context.counter('alerts_inhibited');
    this.levelCounters = ['oks', 'infos', 'warns', 'crits'].map((name) => context.counter(`${name}_triggered`));
    if (this.anonymousTopic !== undefined) ports.alerts.attach(this.anonymousTopic, handlers);
    // Texts cost more than everything else about an event. The default ones cannot fail: where nobody gets them, nobody
    // makes them.
    const isTold = this.topics.length > 0;
    this.showsDetails = isTold || options.details !== defaultDetails;
    this.showsMessage = this.showsDetails || options.message !== defaultMessage || Boolean(options.messageField);
  }

  point(point: Point, state: AlertState): Point | undefined {
    if (!state.opened) this.open(state, point.group, point.name, point.tags);
    const before = state.level;
    const level = this.levels.levelOf(point, before);
    this.record(state, level);
    // By far the most common case.
    if (level === OK && before === OK) return undefined;
    if (this.isSuppressed(state, before, point.time)) return undefined;
    const event = this.trigger(state, before, point, point, point.time);
    return event && this.annotations.point(point, event);
  }

  batch(batch: Batch, state: AlertState): Batch | undefined {
    if (batch.points.length === 0) return undefined;
    if (!state.opened) this.open(state, batch.group, batch.name, batch.group.tags);
    const before = state.level;
    const { highest, lowest, first } = this.levelsOf(batch, before);
    const level = this.context.options.all ? lowest : highest;
    const time = this.context.options.all || level === OK ? batch.time : first.time;
    this.record(state, level);
    if (level === OK) {
      // Unlike that of a stream, the recovery of a batch is an event even while flapping.
      if (before === OK) return undefined;
    } else if (this.isSuppressed(state, before, time)) return undefined;
    const event = this.trigger(state, before, batch, first, time);
    return event && this.annotations.batch(batch, event);
  }

  /** Every point is judged from the level before the batch. */
  private levelsOf(batch: Batch, before: number): { highest: number; lowest: number; first: Point } {
    let highest = OK;
    let lowest = CRITICAL;
    let first = batch.points[0]!;
    for (const point of batch.points) {
      const level = this.levels.levelOf(point, before);
      if (level < lowest) lowest = level;
      if (level > highest) {
        highest = level;
        first = point;
      }
    }
    return { highest, lowest, first };
  }

  openGroup(group: Group, state: AlertState, first: Message | undefined): void {
    // Back from a snapshot: others must know again what this group inhibits.
    if (first === undefined && state.alerting) this.inhibitors.set(group, true);
  }

  deleteGroup(message: DeleteGroup): DeleteGroup {
    this.inhibitors.set(message.group, false);
    return message;
  }

  close(): void {
    this.inhibitors.close();
  }

  private record(state: AlertState, level: number): void {
    state.level = level;
    if (state.history !== undefined) updateFlapping(state.history, level, this.context.options.flapping!);
  }

  private isSuppressed(state: AlertState, before: number, time: Time): boolean {
    if (state.history?.flapping === true) return true;
    if (!this.stateChangesOnly || state.level !== before) return false;
    return this.maxInterval === 0n || time - state.lastTriggered < this.maxInterval;
  }

  /** Undefined when there is no event, and nothing is passed on. */
  private trigger(
    state: AlertState,
    before: number,
    data: Point | Batch,
    point: Point,
    time: Time,
  ): AlertEvent | undefined {
    const { options } = this.context;
    state.lastTriggered = time;
    // Where the onset was suppressed, the first outage begins with what is triggered first.
    if (before === OK || state.firstTriggered === ZERO_TIME) state.firstTriggered = time;
    state.alerting = state.level !== OK;
    this.inhibitors.set(data.group, state.alerting);
    if (options.noRecoveries && state.level === OK) return undefined;

    const event = this.eventOf(state, data, point, time);
    if (this.context.ports.alerts.isInhibited(options.category, event.tags)) {
      this.inhibited.add();
      return event;
    }
    this.triggered.add();
    this.levelCounters[state.level]!.add();
    this.context.log('debug', 'alert triggered', { level: event.level, id: event.id, message: event.message });
    if (this.topics.length > 0) this.context.ports.alerts.publish(this.topics, event);
    return event;
  }

  private eventOf(state: AlertState, data: Point | Batch, point: Point, time: Time): AlertEvent {
    const { name, group } = data;
    const tags = data instanceof Point ? data.tags : group.tags;
    this.nameEvent(state, group, name, tags);
    const occurrence: Occurrence = {
      id: state.id,
      name,
      group: groupText(group),
      tags,
      fields: fieldsOf(point),
      level: alertLevels[state.level]!,
      time,
      duration: saturated(state.lastTriggered - state.firstTriggered),
    };
    const message = this.showsMessage ? this.texts.message(occurrence) : '';
    return {
      id: occurrence.id,
      message,
      details: this.showsDetails ? this.texts.details(occurrence, message) : '',
      time,
      duration: occurrence.duration,
      level: occurrence.level,
      recoverable: !this.context.options.noRecoveries,
      name,
      taskName: this.context.task.id,
      group: occurrence.group,
      tags: this.recordOf(tags),
      fields: occurrence.fields,
      data,
    };
  }

  /** The tags of a series are one object however often it alerts. */
  private recordOf(tags: Tags): Readonly<Record<string, string>> {
    let record = this.tagRecords.get(tags);
    if (record === undefined) this.tagRecords.set(tags, (record = tags.toObject()));
    return record;
  }

  /** Makes sure that the state's id is the one of this name and these tags. */
  private nameEvent(state: AlertState, group: Group, name: string, tags: Tags): void {
    if (state.idTags !== undefined && name === state.idName && tags.equals(state.idTags)) return;
    state.id = this.texts.id(name, groupText(group), tags);
    state.idName = name;
    state.idTags = tags;
  }

  /** A new group goes on from what its topics know, so that a restart neither repeats nor forgets an alert. */
  private open(state: AlertState, group: Group, name: string, tags: Tags): void {
    state.opened = true;
    this.nameEvent(state, group, name, tags);
    const known = this.knownState(state.id);
    if (known === undefined || known.level === 'OK') return;
    state.level = rankOf(known.level);
    if (state.history !== undefined) pushLevel(state.history, state.level);
    state.firstTriggered = known.time;
    state.lastTriggered = known.time;
    state.alerting = true;
    this.inhibitors.set(group, true);
  }

  /** The anonymous topic is the one that counts; the other is brought in line with it. */
  private knownState(id: string) {
    const { alerts } = this.context.ports;
    const { topic } = this.context.options;
    const anonymous = this.anonymousTopic === undefined ? undefined : alerts.state(this.anonymousTopic, id);
    const named = topic === '' ? undefined : alerts.state(topic, id);
    if (anonymous !== undefined) {
      if (named !== undefined && named.level !== anonymous.level) alerts.restore(topic, id, anonymous);
      return anonymous;
    }
    if (named !== undefined && this.anonymousTopic !== undefined) alerts.restore(this.anonymousTopic, id, named);
    return named;
  }
}

function groupText(group: Group): string {
  return group.id === '' ? 'nil' : group.id;
}

function fieldsOf({ layout, values }: Point): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = {};
  const { names } = layout;
  for (let slot = 0; slot < names.length; slot++) {
    const name = names[slot]!;
    // Assigning to it would set the prototype.
    if (name === '__proto__') Object.defineProperty(fields, name, { value: values[slot]!, enumerable: true });
    else fields[name] = values[slot]!;
  }
  return fields;
}

/** Levels are kept per group: more than this would fill the memory. */
const HISTORY_LIMIT = 10_000n;

function checkFlapping({ flapping, history }: AlertOptions): void {
  if (flapping === undefined) return;
  if (flapping.low > 1 || flapping.high > 1) {
    throw new StartError('alert flap thresholds are percentages and should be between 0 and 1');
  }
  if (history > HISTORY_LIMIT) throw new StartError(`alert history must be at most ${HISTORY_LIMIT}, got ${history}`);
}

/** The handlers of the script, ready to be attached. Throws StartError when one of them is wrong or cannot deliver. */
function startHandlers({ options, ports }: Context): { kind: string; options: Readonly<Record<string, unknown>> }[] {
  const configuration = { hasEndpoint: (name: string) => ports.endpoint(name) !== undefined };
  const uses = (options.handlers ?? []).map((use): [AlertHandler, Readonly<Record<string, unknown>>] => {
    const handler = alertHandler(use.kind);
    if (handler === undefined) throw new StartError(`unsupported action kind "${use.kind}"`);
    const given = handler.fromScript(use.options);
    try {
      handler.checkAtStart(given, configuration);
    } catch (error) {
      if (error instanceof OptionsError) throw new StartError(error.message);
      throw error;
    }
    return [handler, given];
  });
  const missing = uses.find(([handler]) => handler.delivery === 'none');
  if (missing !== undefined) throw new StartError(undeliverable(missing[0].kind));
  return uses.map(([{ kind }, given]) => ({ kind, options: given }));
}
