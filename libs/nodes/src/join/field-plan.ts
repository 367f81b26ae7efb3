import { type FieldValue, Layout, type Point } from '@supercap/data-model';

/** What stands for a parent that has nothing: undefined when its row is dropped. */
export type Fill = number | bigint | null | undefined;

/** Where the fields of a joined point come from, for one combination of layouts. */
interface Plan {
  /** One per parent, undefined for one that is missing. */
  readonly from: readonly (Layout | undefined)[];
  readonly layout: Layout;
  /** The parent of each slot, -1 for one that is filled. */
  readonly parents: Int32Array;
  readonly slots: Int32Array;
}

/** Combinations of layouts to remember. Streams rarely have more than one. */
const remembered = 32;

/** Joins the fields of one point per parent. Names are built once per combination of layouts, not per point. */
export class FieldPlan {
  private readonly plans: Plan[] = [];
  private latest: Plan | undefined;

  constructor(
    private readonly prefixes: readonly string[],
    private readonly delimiter: string,
    private readonly fill: Fill,
  ) {}

  /** `members` has one entry per parent, at least one of them a point. */
  join(members: readonly (Point | undefined)[]): { readonly layout: Layout; readonly values: FieldValue[] } {
    const plan = this.planFor(members);
    const { layout, parents, slots } = plan;
    const size = parents.length;
    const values = new Array<FieldValue>(size);
    for (let i = 0; i < size; i++) {
      const parent = parents[i]!;
      values[i] = parent < 0 ? (this.fill ?? null) : members[parent]!.values[slots[i]!]!;
    }
    return { layout, values };
  }

  private planFor(members: readonly (Point | undefined)[]): Plan {
    const { latest, plans } = this;
    if (latest !== undefined && matches(latest, members)) return latest;
    const known = plans.find((plan) => matches(plan, members));
    if (known !== undefined) return (this.latest = known);
    const plan = this.make(members);
    if (plans.length >= remembered) plans.shift();
    plans.push(plan);
    return (this.latest = plan);
  }

  private make(members: readonly (Point | undefined)[]): Plan {
    const from = members.map((member) => member?.layout);
    const present = from.find((layout) => layout !== undefined) ?? Layout.empty;
    const sources = new Map<string, readonly [parent: number, slot: number]>();
    from.forEach((layout, parent) => {
      const prefix = `${this.prefixes[parent]!}${this.delimiter}`;
      // A parent that is missing is filled in under the names of the left-most one that is there.
      (layout ?? present).names.forEach((name, slot) => {
        sources.set(prefix + name, layout === undefined ? [-1, 0] : [parent, slot]);
      });
    });
    const layout = Layout.of(sources.keys());
    const ordered = layout.names.map((name) => sources.get(name)!);
    return {
      from,
      layout,
      parents: Int32Array.from(ordered, ([parent]) => parent),
      slots: Int32Array.from(ordered, ([, slot]) => slot),
    };
  }
}

function matches({ from }: Plan, members: readonly (Point | undefined)[]): boolean {
  for (let i = 0; i < from.length; i++) if (from[i] !== members[i]?.layout) return false;
  return true;
}
