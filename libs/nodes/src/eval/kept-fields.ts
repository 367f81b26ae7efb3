import { type FieldValue, Layout, type Point, TimeValue } from '@supercap/data-model';
import { EvaluationError, type Results } from '@supercap/lambda';

// Which fields a point has after an eval.

export interface KeptFields {
  readonly layout: Layout;
  readonly values: FieldValue[];
}

export interface KeepOptions {
  /** Undefined: `.keep()` was not called. Empty: keep all. */
  readonly keep: readonly string[] | undefined;
  readonly tags: readonly string[];
  /** Names that some expression reads: their values count as results, too. */
  readonly references: ReadonlySet<string>;
}

/** Makes the fields of a point from the results. Throws EvaluationError for a name that is to be kept and is nowhere. */
export function keptFields(results: Layout, { keep, tags, references }: KeepOptions) {
  if (keep === undefined) return onlyResults(results, tags);
  return keep.length === 0 ? allFields(results) : listedFields(keep, references);
}

function onlyResults(results: Layout, tags: readonly string[]) {
  const names = results.names.filter((name) => !tags.includes(name));
  const layout = Layout.ofSorted(names);
  if (names.length === results.size) {
    return (_point: Point, { values }: Results): KeptFields => ({ layout, values: values as FieldValue[] });
  }
  const slots = names.map((name) => results.slot(name));
  return (_point: Point, { values }: Results): KeptFields => ({ layout, values: slots.map((slot) => values[slot]!) });
}

function allFields(results: Layout) {
  let source = Layout.empty;
  let layout = results;
  /** For each slot that of the result, or else -1 minus that of the field. */
  let slots: number[] = results.names.map((_, slot) => slot);
  return (point: Point, { values }: Results): KeptFields => {
    if (point.layout !== source) {
      source = point.layout;
      layout = Layout.of([...source.names, ...results.names]);
      slots = layout.names.map((name) => (results.has(name) ? results.slot(name) : -1 - source.slot(name)));
    }
    return { layout, values: slots.map((slot) => (slot >= 0 ? values[slot]! : point.values[-1 - slot]!)) };
  };
}

function listedFields(keep: readonly string[], references: ReadonlySet<string>) {
  const layout = Layout.of(keep);
  return (point: Point, results: Results): KeptFields => ({
    layout,
    values: layout.names.map((name) => {
      const slot = results.layout.slot(name);
      const value = (slot < 0 ? undefined : results.values[slot]) ?? fieldOrReference(name, point, references);
      if (value === undefined) throw new EvaluationError(`cannot keep field "${name}", field does not exist`);
      return value;
    }),
  });
}

function fieldOrReference(name: string, point: Point, references: ReadonlySet<string>): FieldValue | undefined {
  if (!references.has(name)) return point.field(name);
  return name === 'time' ? new TimeValue(point.time) : (point.field(name) ?? point.tags.get(name));
}
