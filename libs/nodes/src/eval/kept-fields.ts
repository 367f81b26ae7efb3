import { type FieldValue, Layout, type Point, TimeValue } from '@supercap/data-model';
import { EvaluationError } from '@supercap/lambda';

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

/** By slot of the layout of the results; undefined is not set. */
type Results = readonly (FieldValue | undefined)[];

/** Makes the fields of a point from the results. Throws EvaluationError for a name that is to be kept and is nowhere. */
export function keptFields(results: Layout, { keep, tags, references }: KeepOptions) {
  if (keep === undefined) return onlyResults(results, tags);
  return keep.length === 0 ? allFields(results) : listedFields(results, keep, references);
}

function onlyResults(results: Layout, tags: readonly string[]) {
  const names = results.names.filter((name) => !tags.includes(name));
  const layout = Layout.ofSorted(names);
  if (names.length === results.size) {
    return (_point: Point, values: Results): KeptFields => ({ layout, values: values as FieldValue[] });
  }
  const slots = names.map((name) => results.slot(name));
  return (_point: Point, values: Results): KeptFields => ({ layout, values: slots.map((slot) => values[slot]!) });
}

function allFields(results: Layout) {
  let source = Layout.empty;
  let layout = results;
  /** For each slot that of the result, or else -1 minus that of the field. */
  let slots: number[] = results.names.map((_, slot) => slot);
  return (point: Point, values: Results): KeptFields => {
    if (point.layout !== source) {
      source = point.layout;
      layout = Layout.of([...source.names, ...results.names]);
      slots = layout.names.map((name) => (results.has(name) ? results.slot(name) : -1 - source.slot(name)));
    }
    const kept = new Array<FieldValue>(slots.length);
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      kept[i] = slot >= 0 ? values[slot]! : point.values[-1 - slot]!;
    }
    return { layout, values: kept };
  };
}

function listedFields(results: Layout, keep: readonly string[], references: ReadonlySet<string>) {
  const layout = Layout.of(keep);
  const { names } = layout;
  const ofResults = names.map((name) => results.slot(name));
  let source = Layout.empty;
  let ofFields: number[] = names.map(() => -1);
  return (point: Point, values: Results): KeptFields => {
    if (point.layout !== source) {
      source = point.layout;
      // The time of the point goes before a field of that name, where an expression reads it.
      ofFields = names.map((name) => (name === 'time' && references.has(name) ? -1 : source.slot(name)));
    }
    const kept = new Array<FieldValue>(names.length);
    for (let i = 0; i < names.length; i++) {
      const slot = ofResults[i]!;
      const result = slot < 0 ? undefined : values[slot];
      const field = ofFields[i]!;
      if (result !== undefined) kept[i] = result;
      else kept[i] = field >= 0 ? point.values[field]! : elsewhere(names[i]!, point, references);
    }
    return { layout, values: kept };
  };
}

/** What an expression may read and no field is: the time, or a tag. */
function elsewhere(name: string, point: Point, references: ReadonlySet<string>): FieldValue {
  const value = !references.has(name) ? undefined : name === 'time' ? new TimeValue(point.time) : point.tags.get(name);
  if (value === undefined) throw new EvaluationError(`cannot keep field "${name}", field does not exist`);
  return value;
}
