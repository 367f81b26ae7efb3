import { NotedGroup, nilGroup, type Group, type Message, type Time } from '@supercap/data-model';

export interface GroupEntry<State> {
  /** Stands for the states that it is one of: a group, which may outlive them, must not hold them. */
  readonly owner: object;
  readonly group: Group;
  /** Gone with its states when those are cleared. */
  state: State;
  /** Processing time of its latest message; only kept while idle groups expire. */
  seen: Time;
  /** False once the group was deleted: whoever noted it looks again. */
  live: boolean;
}

/** The groups that a task may hold over all of its nodes. */
export interface GroupBudget {
  used: number;
  readonly limit: number;
}

/** The states of a node's groups, by group id. */
export class GroupStates<State> {
  private readonly entries = new Map<string, GroupEntry<State>>();
  private readonly token = {};
  /** The entry of what is not grouped: one object for all tasks, which keeps no notes. */
  private ungrouped: GroupEntry<State> | undefined;

  constructor(
    private readonly create: () => State,
    private readonly opened: (group: Group, state: State, first: Message | undefined) => void,
    private readonly budget: GroupBudget,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /** The entry of a group, made when it is new; undefined when the task has as many groups as it may have. */
  open(group: Group, first: Message): GroupEntry<State> | undefined {
    const noted = this.notedOf(group);
    if (noted?.live) return noted;
    let entry = this.entries.get(group.id);
    if (entry === undefined) {
      if (this.budget.used >= this.budget.limit) return undefined;
      entry = this.add(group, this.create());
      this.opened(group, entry.state, first);
    }
    if (group === nilGroup) this.ungrouped = entry;
    else if (group instanceof NotedGroup) group.note(entry);
    return entry;
  }

  private notedOf(group: Group): GroupEntry<State> | undefined {
    if (group === nilGroup) return this.ungrouped;
    return group instanceof NotedGroup ? (group.noteOf(this.token) as GroupEntry<State> | undefined) : undefined;
  }

  get(group: Group): GroupEntry<State> | undefined {
    return this.entries.get(group.id);
  }

  restore(group: Group, state: State): void {
    this.add(group, state);
    this.opened(group, state, undefined);
  }

  delete(group: Group): GroupEntry<State> | undefined {
    const entry = this.entries.get(group.id);
    if (entry === undefined) return undefined;
    const deleted = { ...entry };
    this.entries.delete(group.id);
    entry.live = false;
    entry.state = undefined as State;
    this.budget.used--;
    return deleted;
  }

  clear(): void {
    this.budget.used -= this.entries.size;
    for (const entry of this.entries.values()) {
      entry.live = false;
      // Groups keep their notes for as long as their series are remembered, which is longer than any run.
      entry.state = undefined as State;
    }
    this.entries.clear();
    this.ungrouped = undefined;
  }

  values(): IterableIterator<GroupEntry<State>> {
    return this.entries.values();
  }

  *states(): IterableIterator<State> {
    for (const { state } of this.entries.values()) yield state;
  }

  *pairs(): IterableIterator<readonly [Group, State]> {
    for (const { group, state } of this.entries.values()) yield [group, state];
  }

  private add(group: Group, state: State): GroupEntry<State> {
    const entry: GroupEntry<State> = { owner: this.token, group, state, seen: 0n, live: true };
    this.entries.set(group.id, entry);
    this.budget.used++;
    return entry;
  }
}
