import { alertLevels } from '@supercap/alerting';
import type { Point } from '@supercap/data-model';
import type { CompiledLambda, LambdaState } from '@supercap/lambda';
import type { NodeContext } from '@supercap/pipeline';
import type { Lambda } from '@supercap/tickscript';
import { compileOrRefuse, failureOf } from '../where/condition';
import type { AlertOptions, AlertShared } from './alert.node';

/** Levels by number, as lambdas and the group's state have them. */
export const OK = 0;
export const INFO = 1;
const WARNING = 2;
export const CRITICAL = 3;

interface Condition {
  readonly lambda: CompiledLambda;
  readonly state: LambdaState;
  /** States of the lambda vars within. */
  readonly nested: readonly LambdaState[];
}

/** Finds the level of points. Conditions have one state for the node, not one per group. */
export class LevelEvaluator {
  // Fields and not lists: with many tasks every further object costs a cache miss.
  private readonly info: Condition | undefined;
  private readonly warn: Condition | undefined;
  private readonly crit: Condition | undefined;
  private readonly resets: readonly (Condition | undefined)[];

  /** Throws StartError when a condition does not compile. */
  constructor(private readonly context: NodeContext<AlertOptions, AlertShared>) {
    const { info, warn, crit, infoReset, warnReset, critReset } = context.options;
    this.info = this.compile('info', info, 0);
    this.warn = this.compile('warn', warn, 1);
    this.crit = this.compile('crit', crit, 2);
    // A reset without its level is never asked.
    this.resets = [
      undefined,
      info && this.compile('infoReset', infoReset, 3),
      warn && this.compile('warnReset', warnReset, 4),
      crit && this.compile('critReset', critReset, 5),
    ];
  }

  private compile(name: string, lambda: Lambda | undefined, place: number): Condition | undefined {
    if (lambda === undefined) return undefined;
    const compiled = compileOrRefuse(lambda, `Failed to compile stateful expression for ${name}`);
    const kept = (this.context.shared.conditions[place] ??= {
      state: compiled.newState(),
      shared: compiled.newShared(),
    });
    return { lambda: compiled, state: kept.state, nested: kept.shared };
  }

  /** The level of a point of a group that is at `current`. */
  levelOf(point: Point, current: number): number {
    const level = this.highest(point, CRITICAL, current > INFO ? current : INFO);
    if (level !== OK || current === OK) return level;
    const reset = this.resets[current];
    if (reset !== undefined && !this.mayReset(reset, point, current)) return current;
    // The current level is asked once more: a condition that counts counts this point twice.
    return this.highest(point, current, INFO);
  }

  /** The highest level between two that holds, asked from above. OK if none does. */
  private highest(point: Point, from: number, to: number): number {
    const { info, warn, crit } = this;
    if (from >= CRITICAL && crit !== undefined && this.holds(crit, point, CRITICAL)) return CRITICAL;
    if (from >= WARNING && to <= WARNING && warn !== undefined && this.holds(warn, point, WARNING)) return WARNING;
    if (to <= INFO && info !== undefined && this.holds(info, point, INFO)) return INFO;
    return OK;
  }

  private holds({ lambda, state, nested }: Condition, point: Point, level: number): boolean {
    try {
      return lambda.predicate(point, state, nested);
    } catch (error) {
      this.context.report('error evaluating expression for level', failureOf(error), { level: alertLevels[level] });
      return false;
    }
  }

  private mayReset({ lambda, state, nested }: Condition, point: Point, level: number): boolean {
    try {
      return lambda.predicate(point, state, nested);
    } catch (error) {
      this.context.report('error evaluating reset expression for current level', failureOf(error), {
        level: alertLevels[level],
      });
      return true;
    }
  }
}
