import { Batch, type Group, groupNamed, Point, roundTime } from '@supercap/data-model';
import { type NodeRuntime, StartError } from '@supercap/pipeline';
import { joinRows } from './batch-rows';
import { dropFront, fifoSize } from './fifo';
import { type Fill, FieldPlan } from './field-plan';
import { addToSets, type JoinGroup, type Joinable, type JoinSet, takeReady } from './join-sets';
import { type OnGroup, OnJoin } from './on-groups';

/** Messages that a join holds back before the oldest of a group are dropped, unless the engine says otherwise. */
const defaultLimit = 1_000_000;

export interface JoinShared {
  /** Messages that are held back over all groups. */
  held: number;
  readonly on: Map<string, OnGroup>;
}

export interface JoinOptions {
  readonly nodes: readonly unknown[];
  readonly as: readonly string[];
  readonly on: readonly string[];
  readonly tolerance: bigint;
  readonly fill: unknown;
  readonly streamName: string;
  readonly delimiter: string;
  readonly deleteAll: boolean;
}

/** What `.fill()` was given: undefined drops what lacks a parent. */
function fillOf(given: unknown): Fill {
  if (typeof given === 'number' || typeof given === 'bigint') return given;
  if (typeof given !== 'string' || given === 'none') return undefined;
  if (given === 'null') return null;
  throw new StartError(`unexpected fill option ${given}`);
}

export const joinRuntime: NodeRuntime<JoinOptions, JoinShared, JoinGroup> = {
  kind: 'receiver',
  create(context) {
    const { options, out, report } = context;
    const { tolerance, streamName, deleteAll } = options;
    const parents = options.nodes.length + 1;
    const fill = fillOf(options.fill);
    const filled = fill !== undefined;
    const plan = new FieldPlan(options.as, options.delimiter, fill);
    const limit = context.heldBackLimit ?? defaultLimit;
    const dropped = context.counter('dropped');
    // Where the groups' states are, for messages that were buffered under another group's (`on`).
    const states = new Map<string, JoinGroup>();

    const emit = ({ time, members, missing }: JoinSet): void => {
      context.shared.held -= parents - missing;
      let first = members[0];
      for (let i = 1; first === undefined; i++) first = members[i];
      const name = streamName === '' ? first.name : streamName;
      const group = groupNamed(first.group, name);
      if (first instanceof Point) {
        if (missing > 0 && !filled) return;
        const { layout, values } = plan.join(members as readonly (Point | undefined)[]);
        out.send(new Point(name, '', '', group, group.tags, layout, values, time));
        return;
      }
      // A set of batches of which one is missing has no rows, but the batch itself goes on.
      const rows =
        missing > 0 && !filled
          ? []
          : joinRows(members as readonly (Batch | undefined)[], group, name, { plan, tolerance, filled });
      out.send(new Batch(name, group, time, rows));
    };

    const deliver = (state: JoinGroup, message: Joinable, parent: number, time: bigint): void => {
      context.shared.held++;
      addToSets(state, message, parent, time);
      takeReady(state, emit);
    };

    const onJoin =
      options.on.length === 0
        ? undefined
        : new OnJoin({
            on: options.on,
            parents,
            deliver,
            stateOf: (group) => states.get(group.id),
            held: (change) => {
              context.shared.held += change;
            },
          });

    /** A parent that stays silent must not make the rest grow for ever. */
    const relieve = (state: JoinGroup): void => {
      while (context.shared.held > limit) {
        const oldest = state.sets.items[state.sets.start];
        if (oldest !== undefined) {
          context.shared.held -= parents - oldest.missing;
          dropFront(state.sets, 1);
        } else if (onJoin?.dropOldest(context.shared.on, state) !== true) return;
        dropped.add();
        report('join holds back too much', `more than ${limit} messages wait for other parents: dropped the oldest`);
      }
    };

    // Points of many groups have the same time, one after the other.
    let given = 0n;
    let rounded = roundTime(given, tolerance);
    const round = (time: bigint): bigint => {
      if (time === given) return rounded;
      given = time;
      return (rounded = roundTime(time, tolerance));
    };

    const receive = (message: Joinable, state: JoinGroup, parent: number): undefined => {
      const time = round(message.time);
      if (onJoin === undefined) deliver(state, message, parent, time);
      else onJoin.receive(context.shared.on, message, parent, time, state);
      if (context.shared.held > limit) relieve(state);
      return undefined;
    };

    return {
      point: receive,
      batch: receive,
      barrier(barrier, state, parent) {
        state.heads[parent] = round(barrier.time);
        takeReady(state, emit);
        return barrier;
      },
      openGroup(group: Group, state) {
        if (onJoin !== undefined) states.set(group.id, state);
      },
      deleteGroup(message, state, parent) {
        states.delete(message.group.id);
        if (state !== undefined) {
          onJoin?.deleteGroup(context.shared.on, parent, state, deleteAll);
          const { items, start } = state.sets;
          for (let i = start; i < items.length; i++) context.shared.held -= parents - items[i]!.missing;
        }
        return message;
      },
      finish(groups) {
        onJoin?.finish(context.shared.on);
        for (const [, { sets }] of groups) {
          for (const set of sets.items.slice(sets.start)) emit(set);
          dropFront(sets, fifoSize(sets));
        }
      },
    };
  },
};
