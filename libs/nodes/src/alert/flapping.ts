import type { FlappingThresholds } from './alert.node';

/** The latest levels of a group: a ring, all OK at first. Plain data. */
export interface LevelHistory {
  readonly levels: Uint8Array;
  /** Place of the newest. */
  newest: number;
  flapping: boolean;
}

export function newHistory(length: number): LevelHistory {
  return { levels: new Uint8Array(length), newest: length - 1, flapping: false };
}

export function pushLevel(history: LevelHistory, level: number): void {
  const next = history.newest + 1;
  history.newest = next === history.levels.length ? 0 : next;
  history.levels[history.newest] = level;
}

/** Records a level and finds out whether the group is flapping now. */
export function updateFlapping(history: LevelHistory, level: number, { low, high }: FlappingThresholds): void {
  pushLevel(history, level);
  const share = shareOfChanges(history);
  if (history.flapping) history.flapping = share >= low;
  else history.flapping = share > high;
}

/**
 * The weighted share of changes among the levels. The order is the original's, which scripts' thresholds are tuned to:
 * the newest change weighs least, the oldest level is compared with the newest, the second newest change never counts.
 */
function shareOfChanges({ levels, newest }: LevelHistory): number {
  const last = levels.length - 1;
  let sum = 0;
  let at = newest;
  let before = newest === 0 ? last : newest - 1;
  for (let i = 0; i < last; i++) {
    if (levels[at] !== levels[before]) sum += 0.8 + (i * 0.4) / last;
    before = at;
    at = at === last ? 0 : at + 1;
  }
  return sum / last;
}
