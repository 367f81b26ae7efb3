import { Batch, type Group, groupOf, Point, type Time } from '@supercap/data-model';
import type { Joinable, JoinGroup } from './join-sets';

// Joins on a subset of the dimensions: messages grouped by exactly these (matches) are copied to every finer group
// (specific) that has a message of the same time.

interface Buffered {
  readonly message: Joinable;
  readonly parent: number;
  readonly time: Time;
  /** A specific message that was joined already; it waits on for the matches of further parents. */
  joined: boolean;
}

/** One combination of values of the `on` tags. Plain data. */
export interface OnGroup {
  /** The time of each parent's latest message. */
  readonly latest: (Time | undefined)[];
  matches: Buffered[];
  specifics: Buffered[];
}

/** Puts a message of a group through the join of that group. */
export type Deliver = (group: JoinGroup, message: Joinable, parent: number, time: Time) => void;

interface Surroundings {
  readonly on: readonly string[];
  readonly parents: number;
  readonly deliver: Deliver;
  /** The state of the group of a message that was buffered, undefined if it is gone. */
  stateOf(group: Group): JoinGroup | undefined;
  /** More (or less) is held back. */
  held(change: number): void;
}

export class OnJoin {
  private readonly on: readonly string[];

  constructor(private readonly around: Surroundings) {
    this.on = [...new Set(around.on)].sort();
  }

  receive(groups: Map<string, OnGroup>, message: Joinable, parent: number, time: Time, state: JoinGroup): void {
    const { deliver, parents, held } = this.around;
    const on = this.groupFor(groups, message, state);
    on.latest[parent] = time;
    const mark = lowMark(on);
    // Before the message finds its matches: what is sent on alone is older, and the groups take things in order of time.
    if (mark !== undefined) this.sendOnAlone(on, mark);
    const buffered: Buffered = { message, parent, time, joined: false };
    if (message.group.tags.size > this.on.length) {
      for (const match of on.matches) {
        if (match.time !== time) continue;
        deliver(state, relabelled(match.message, message.group), match.parent, time);
        deliver(state, message, parent, time);
        buffered.joined = true;
      }
      if (!buffered.joined || parents > 2) {
        on.specifics.push(buffered);
        held(1);
      }
    } else {
      on.matches.push(buffered);
      held(1);
      for (const specific of on.specifics) {
        if (specific.time !== time) continue;
        const target = this.around.stateOf(specific.message.group);
        if (target === undefined) continue;
        deliver(target, relabelled(message, specific.message.group), parent, time);
        if (!specific.joined) deliver(target, specific.message, specific.parent, time);
        specific.joined = true;
      }
    }
    this.forget(on, mark);
  }

  /** A group is gone: its parent's time no longer holds the others back (with `all`, nor do those of the other parents). */
  deleteGroup(groups: Map<string, OnGroup>, parent: number, state: JoinGroup, all: boolean): void {
    const on = state.onKey === undefined ? undefined : groups.get(state.onKey);
    if (on === undefined) return;
    if (all) on.latest.fill(undefined);
    else on.latest[parent] = undefined;
    if (on.matches.length === 0 && on.specifics.length === 0) groups.delete(state.onKey!);
  }

  /** Drops the oldest message of the group's buffers; false if there is none. */
  dropOldest(groups: Map<string, OnGroup>, state: JoinGroup): boolean {
    const on = state.onKey === undefined ? undefined : groups.get(state.onKey);
    if (on === undefined) return false;
    const buffer = on.matches.length >= on.specifics.length ? on.matches : on.specifics;
    if (buffer.shift() === undefined) return false;
    this.around.held(-1);
    return true;
  }

  /** No more input: what waits goes on alone. */
  finish(groups: Map<string, OnGroup>): void {
    for (const on of groups.values()) {
      for (const specific of on.specifics) this.goOn(specific);
      this.around.held(-on.matches.length - on.specifics.length);
    }
    groups.clear();
  }

  private groupFor(groups: Map<string, OnGroup>, message: Joinable, state: JoinGroup): OnGroup {
    const { group, name } = message;
    state.onKey ??= groupOf(group.byName, name, group.tags.restrictedTo(this.on)).id;
    let on = groups.get(state.onKey);
    if (on === undefined) {
      on = { latest: new Array<Time | undefined>(this.around.parents).fill(undefined), matches: [], specifics: [] };
      groups.set(state.onKey, on);
    }
    return on;
  }

  /** Specific messages that every parent has moved past find no match any more. */
  private sendOnAlone(on: OnGroup, mark: Time): void {
    if (!on.specifics.some(({ time }) => time < mark)) return;
    const past = on.specifics.filter((specific) => specific.time < mark);
    on.specifics = on.specifics.filter((specific) => specific.time >= mark);
    for (const specific of past) this.goOn(specific);
    this.around.held(-past.length);
  }

  /** Lets go of matches that every parent has moved past, and of what waits for nobody. */
  private forget(on: OnGroup, mark: Time | undefined): void {
    const before = on.matches.length + on.specifics.length;
    if (mark !== undefined && on.matches.some(({ time }) => time < mark)) {
      on.matches = on.matches.filter(({ time }) => time >= mark);
    }
    if (this.around.parents === 2 && on.specifics.some(({ joined }) => joined)) {
      on.specifics = on.specifics.filter(({ joined }) => !joined);
    }
    this.around.held(on.matches.length + on.specifics.length - before);
  }

  private goOn({ message, parent, time, joined }: Buffered): void {
    if (joined) return;
    const state = this.around.stateOf(message.group);
    if (state !== undefined) this.around.deliver(state, message, parent, time);
  }
}

/** The earliest of the times at which the parents are; undefined until each has sent something. */
function lowMark({ latest }: OnGroup): Time | undefined {
  let low = latest[0];
  for (const time of latest) {
    if (time === undefined || low === undefined) return undefined;
    if (time < low) low = time;
  }
  return low;
}

/** A match as a message of a finer group. */
function relabelled(message: Joinable, group: Group): Joinable {
  return message instanceof Point
    ? message.withGroup(group)
    : new Batch(message.name, group, message.time, message.points);
}
