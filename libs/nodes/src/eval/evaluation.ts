import { type FieldValue, goTypeOf, Layout, type Point, type Tags, TimeValue } from '@supercap/data-model';
import { EvaluationError, type LambdaState, type LambdaValue } from '@supercap/lambda';
import type { NodeContext, Receiver } from '@supercap/pipeline';
import type { Lambda } from '@supercap/tickscript';
import { regrouped } from '../group-by/regrouped';
import { compileOrRefuse, failureOf } from '../where/condition';
import type { EvalShared, EvalState } from './eval-state';
import { keptFields } from './kept-fields';
import { resultTags } from './result-tags';

export interface EvalOptions {
  readonly lambdas: readonly Lambda[];
  readonly as: readonly string[];
  readonly tags: readonly string[];
  readonly keep: readonly string[] | undefined;
}

function fieldValueOf(value: LambdaValue): FieldValue {
  if (value instanceof TimeValue) throw new EvaluationError('expression returned unexpected type time');
  if (typeof value === 'object' && 'kind' in value) {
    throw new EvaluationError('expression returned unexpected type regex');
  }
  return value;
}

/** The receiver of an eval node. */
export function evaluation(context: NodeContext<EvalOptions, EvalShared>): Receiver<EvalState> {
  const { options, report } = context;
  const { as, tags: tagNames } = options;
  const expressions = options.lambdas.map((lambda, i) => compileOrRefuse(lambda, `Failed to compile ${i} expression`));
  context.shared.nested ??= expressions.map((expression) => expression.newShared());

  const layout = Layout.of(as);
  const slots = as.map((name) => layout.slot(name));
  // Reading a name loads the field or tag over the result of that name: the result is lost, in the output, too.
  const reread = as.flatMap((name, i) => {
    const later = expressions.slice(i + 1).some((expression) => expression.references.includes(name));
    return later && as.lastIndexOf(name) === i ? [{ name, slot: layout.slot(name) }] : [];
  });
  const fieldsOf = keptFields(layout, {
    keep: options.keep,
    tags: tagNames,
    references: new Set(expressions.flatMap(({ references }) => references)),
  });
  const tagSlots = tagNames.map((name) => layout.slot(name));
  const withResultTags = resultTags(tagNames);

  function tagsOf(point: Point, values: readonly (FieldValue | undefined)[]): Tags {
    if (tagSlots.length === 0) return point.tags;
    const texts = tagSlots.map((slot) => {
      const value = values[slot]!;
      if (typeof value === 'string') return value;
      throw new EvaluationError(`result of a tag expression must be of type string, got ${goTypeOf(value)}`);
    });
    return withResultTags(point.tags, texts);
  }

  /** The results of one point, by slot of the layout. */
  function resultsOf(
    point: Point,
    lambdas: readonly LambdaState[],
    nested: readonly (readonly LambdaState[])[],
  ): (FieldValue | undefined)[] {
    // A list of one, made with what it holds: bare doubles where it is a float.
    if (expressions.length === 1) return [fieldValueOf(expressions[0]!.evaluate(point, lambdas[0]!, nested[0]!))];
    const values = new Array<FieldValue | undefined>(layout.size).fill(undefined);
    const results = { layout, values };
    for (let i = 0; i < expressions.length; i++) {
      values[slots[i]!] = fieldValueOf(expressions[i]!.evaluate(point, lambdas[i]!, nested[i]!, results));
    }
    return values;
  }

  /** The point with its results; its group is still the old one. */
  function evaluated(point: Point, state: EvalState): Point | undefined {
    const lambdas = state.lambdas!;
    const nested = context.shared.nested!;
    try {
      const values = resultsOf(point, lambdas, nested);
      for (const { name, slot } of reread) values[slot] = point.field(name) ?? point.tags.get(name) ?? values[slot];
      const tags = tagsOf(point, values);
      const fields = fieldsOf(point, values);
      const result = point.withFields(fields.layout, fields.values);
      return tags === point.tags ? result : result.withTags(tags);
    } catch (thrown) {
      report('error evaluating expression', failureOf(thrown));
      return undefined;
    }
  }

  return {
    openGroup(_group, state) {
      state.lambdas ??= expressions.map((expression) => expression.newState());
    },
    point(point, state) {
      const result = evaluated(point, state);
      if (result === undefined || result.tags === point.tags) return result;
      return result.withGroup(regrouped(point.group, result.tags, point.name));
    },
    // A batch stays in its group, whatever tags its points get.
    batch(batch, state) {
      const points: Point[] = [];
      for (const point of batch.points) {
        const result = evaluated(point, state);
        if (result !== undefined) points.push(result);
      }
      return batch.withPoints(points);
    },
  };
}
