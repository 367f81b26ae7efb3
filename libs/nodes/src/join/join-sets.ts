import type { Batch, Point, Time } from '@supercap/data-model';
import { dropFront, type Fifo } from './fifo';

export type Joinable = Point | Batch;

/** Messages that belong together: at most one per parent, all of one (rounded) time. */
export interface JoinSet<M = Joinable> {
  readonly time: Time;
  readonly members: (M | undefined)[];
  missing: number;
}

/** What the join of one group remembers. Plain data. */
export interface JoinGroup {
  /** In the order of time, those of one time in the order of arrival. */
  readonly sets: Fifo<JoinSet>;
  /** The time of each parent's latest message. */
  readonly heads: (Time | undefined)[];
  /** The key of the group among those of `on`. */
  onKey: string | undefined;
}

/** Puts a message into the first set of its time that lacks its parent, or into a new one. */
export function addToSets(group: JoinGroup, message: Joinable, parent: number, time: Time): void {
  const { heads } = group;
  const { items, start } = group.sets;
  heads[parent] = time;
  const end = endOf(items, start, time);
  let first = end;
  while (first > start && items[first - 1]!.time === time) first--;
  for (let i = first; i < end; i++) {
    const set = items[i]!;
    if (set.members[parent] === undefined) {
      set.members[parent] = message;
      set.missing--;
      return;
    }
  }
  // A list of two in one step: two parents are the rule.
  const members: (Joinable | undefined)[] = [undefined, undefined];
  while (members.length < heads.length) members.push(undefined);
  members[parent] = message;
  const set: JoinSet = { time, members, missing: heads.length - 1 };
  if (end === items.length) items.push(set);
  else items.splice(end, 0, set);
}

/** The place behind the last set that is not later than a time. */
function endOf(items: readonly JoinSet[], start: number, time: Time): number {
  let high = items.length;
  if (high === start || items[high - 1]!.time <= time) return high;
  let low = start;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle]!.time <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether every parent has moved past a time. */
function allPast(heads: readonly (Time | undefined)[], time: Time): boolean {
  for (let i = 0; i < heads.length; i++) {
    const head = heads[i];
    if (head === undefined || head <= time) return false;
  }
  return true;
}

/**
 * Takes out what is ready: all sets of times that every parent has moved past, then the leading complete sets of the
 * earliest time that is left. Later times wait for the next message even if they are complete.
 */
export function takeReady(group: JoinGroup, emit: (set: JoinSet) => void): void {
  const { sets, heads } = group;
  const { items, start } = sets;
  let at = start;
  while (at < items.length && allPast(heads, items[at]!.time)) emit(items[at++]!);
  if (at < items.length) {
    const { time } = items[at]!;
    while (at < items.length && items[at]!.time === time && items[at]!.missing === 0) emit(items[at++]!);
  }
  if (at > start) dropFront(sets, at - start);
}
