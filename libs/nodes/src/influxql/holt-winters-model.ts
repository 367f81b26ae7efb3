import { minimise, type Minimum } from './nelder-mead';

// The damped Holt-Winters model with an additive trend and a multiplicative season, fitted as InfluxDB 1.x does it, to the
// last digit: what it does with gaps, starts and a simplex that leaves the unit cube is part of the numbers that people
// know. Its parameters, in this order: the four smoothing ones, the level and the trend at the start, and the factors of
// the season.

const ALPHA = 0;
const BETA = 1;
const GAMMA = 2;
const PHI = 3;
const LEVEL = 4;
const TREND = 5;
const SEASON = 6;

/** Each smoothing parameter starts from each of these. */
const guesses = [0.3, 0.7];
const TOLERANCE = 1e-4;
const ITERATIONS = 1000;
/** What one fitting may cost, in steps of the model: very long series and seasons get fewer iterations. */
const STEPS = 20_000_000;
/** Weight of the first value and of the first difference in the guesses, where there is no season. */
const FIRST_WEIGHT = 0.5;

const clamp = (x: number) => (x > 1 ? 1 : x < 0 ? 0 : x);

export interface Forecast {
  /** One value for each that was given, as the model sees them. */
  readonly fitted: Float64Array;
  /** The values that follow. */
  readonly future: Float64Array;
}

/**
 * Forecasts `values.length` values from `first` on. Each step is fed the forecast before it, never what was observed. The
 * parameters are brought into their bounds where they are, and the factors of the season are left as they are in the end.
 */
function run(parameters: Float64Array, first: number, values: Float64Array): void {
  for (let i = ALPHA; i <= PHI; i++) parameters[i] = clamp(parameters[i]!);
  const alpha = parameters[ALPHA]!;
  const beta = parameters[BETA]!;
  const gamma = parameters[GAMMA]!;
  const phi = parameters[PHI]!;
  const season = parameters.length - SEASON;
  let level = parameters[LEVEL]!;
  let trend = parameters[TREND]!;
  let value = first;
  let damping = phi;
  let power = 1;
  values[0] = first;
  // The ring of factors turns twice as fast as the series.
  let turned = 0;
  let phase = 0;
  for (let t = 1; t < values.length; t++) {
    let factor = 1;
    let ahead = 1;
    if (season > 0) {
      if (++phase === season) phase = 0;
      factor = parameters[SEASON + turned]!;
      const slot = turned + phase;
      ahead = parameters[SEASON + (slot < season ? slot : slot - season)]!;
    }
    const base = level + phi * trend;
    const next = alpha * (value / factor) + (1 - alpha) * base;
    const factorNow = gamma * (value / base) + (1 - gamma) * factor;
    trend = beta * (next - level) + (1 - beta) * phi * trend;
    level = next;
    value = (level + damping * trend) * ahead;
    power *= phi;
    damping += power;
    if (season > 0) {
      parameters[SEASON + turned] = factorNow;
      turned += 2;
      if (turned >= season) turned -= season;
    }
    values[t] = value;
  }
}

/** The parameters of the series before any smoothing. Values that are missing count as 0. */
function startingPoint(series: Float64Array, season: number): number[] {
  const at = (i: number) => (Number.isNaN(series[i]!) ? 0 : series[i]!);
  if (season < 2) {
    const difference = Number.isNaN(series[1]!) ? 0 : series[1]! - series[0]!;
    return [0, 0, 0, 0, FIRST_WEIGHT * series[0]!, FIRST_WEIGHT * difference];
  }
  let level = 0;
  for (let i = 0; i < season; i++) level += at(i) / season;
  let trend = 0;
  for (let i = 0; i < season && season + i < series.length; i++) {
    const change = series[season + i]! - series[i]!;
    if (!Number.isNaN(change)) trend += change / (season * season);
  }
  const factors = Array.from({ length: season }, (_, i) => (Number.isNaN(series[i]!) ? 0 : series[i]! / level));
  return [0, 0, 0, 0, level, trend, ...factors];
}

/**
 * Fits the model to the series (NaN where a value is missing; the first is there) and forecasts `ahead` values. Undefined
 * when series and season are so long together that even a poor fit would hold everything else up.
 */
export function holtWinters(series: Float64Array, season: number, ahead: number): Forecast | undefined {
  const start = startingPoint(series, season);
  const search = searchWithin(STEPS, series.length, start.length);
  if (search === undefined) return undefined;
  const fitted = new Float64Array(series.length);
  const error = (parameters: Float64Array) => {
    run(parameters, series[0]!, fitted);
    let squares = 0;
    for (let i = 0; i < series.length; i++) {
      const value = series[i]!;
      if (Number.isNaN(value)) continue;
      if (Number.isNaN(fitted[i]!)) return Number.POSITIVE_INFINITY;
      squares += (fitted[i]! - value) ** 2;
    }
    return squares;
  };

  let best: Minimum | undefined;
  for (const smoothing of startingGuesses().slice(0, search.starts)) {
    const from = [...smoothing, ...start.slice(LEVEL)];
    const found = minimise(error, from, { step: 1, tolerance: TOLERANCE, iterations: search.iterations });
    if (best === undefined || found.value < best.value) best = found;
  }
  const all = new Float64Array(series.length + ahead);
  run(best!.at, series[0]!, all);
  return { fitted: all.slice(0, series.length), future: all.slice(series.length) };
}

/** Every combination of the guesses for the smoothing parameters. */
function startingGuesses(): number[][] {
  let all: number[][] = [[]];
  for (let i = ALPHA; i <= PHI; i++) all = all.flatMap((some) => guesses.map((guess) => [...some, guess]));
  return all;
}

/** How many searches, of how many iterations each, cost so many steps at most. */
function searchWithin(
  steps: number,
  length: number,
  dimensions: number,
): { starts: number; iterations: number } | undefined {
  const toBegin = (dimensions + 1) * length;
  const perIteration = 2 * length + dimensions * dimensions;
  const starts = Math.min(guesses.length ** 4, Math.floor(steps / (toBegin + perIteration)));
  if (starts === 0) return undefined;
  return { starts, iterations: Math.min(ITERATIONS, Math.floor((steps / starts - toBegin) / perIteration)) };
}
