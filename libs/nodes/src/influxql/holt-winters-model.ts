import { minimise } from './nelder-mead';

// The damped Holt-Winters model with an additive trend and a multiplicative season. Its parameters, in this order: the
// four smoothing ones, the level and the trend at the start, and the factors of the season.

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
/** Steps of the model that one fitting may take: large inputs get fewer iterations. */
const STEPS = 20_000_000;

const clamp = (x: number) => (x > 1 ? 1 : x < 0 ? 0 : x);

export interface Forecast {
  /** One value for each that was given, as the model sees them. */
  readonly fitted: Float64Array;
  /** The values that follow. */
  readonly future: Float64Array;
}

/**
 * Runs the model over the series, calls back with each one-step forecast, and goes on for as many steps as are asked.
 * A value that is missing (NaN) is replaced by its forecast.
 */
function run(
  parameters: readonly number[],
  series: Float64Array,
  season: number,
  ahead: number,
  each: (forecast: number, index: number) => void,
): void {
  const alpha = clamp(parameters[ALPHA]!);
  const beta = clamp(parameters[BETA]!);
  const gamma = clamp(parameters[GAMMA]!);
  const phi = clamp(parameters[PHI]!);
  let level = parameters[LEVEL]!;
  let trend = parameters[TREND]!;
  const seasonal = season >= 2;
  const factors = seasonal ? Float64Array.from(parameters.slice(SEASON, SEASON + season)) : undefined;

  const count = series.length;
  for (let i = 0; i < count; i++) {
    const slot = seasonal ? i % season : 0;
    const factor = factors === undefined ? 1 : factors[slot]!;
    const base = level + phi * trend;
    const forecast = base * factor;
    each(forecast, i);
    const given = series[i]!;
    const value = Number.isNaN(given) ? forecast : given;
    const next = alpha * (value / factor) + (1 - alpha) * base;
    trend = beta * (next - level) + (1 - beta) * phi * trend;
    level = next;
    if (factors !== undefined) factors[slot] = gamma * (value / base) + (1 - gamma) * factor;
  }
  let damping = 0;
  let power = 1;
  for (let h = 0; h < ahead; h++) {
    power *= phi;
    damping += power;
    const factor = factors === undefined ? 1 : factors[(count + h) % season]!;
    each((level + damping * trend) * factor, count + h);
  }
}

/** The parameters of the series before any smoothing: means of the first two seasons. */
function startingPoint(series: Float64Array, season: number): number[] {
  const length = Math.max(season, 1);
  const mean = (from: number, to: number) => {
    let total = 0;
    let known = 0;
    for (let i = from; i < Math.min(to, series.length); i++) {
      const value = series[i]!;
      if (Number.isNaN(value)) continue;
      total += value;
      known++;
    }
    return known === 0 ? Number.NaN : total / known;
  };
  const firstMean = mean(0, length);
  const level = Number.isNaN(firstMean) ? mean(0, series.length) : firstMean;
  const secondMean = mean(length, 2 * length);
  const trend = Number.isNaN(secondMean) ? 0 : (secondMean - level) / length;
  const start = [0, 0, 0, 0, level, trend];
  if (season >= 2) {
    for (let i = 0; i < season; i++) {
      const value = series[i] ?? Number.NaN;
      start.push(Number.isNaN(value) || level === 0 ? 1 : value / level);
    }
  }
  return start;
}

/** Fits the model to the series (NaN where a value is missing) and forecasts. Undefined if there is too little to fit. */
export function holtWinters(series: Float64Array, season: number, ahead: number): Forecast | undefined {
  if (series.length < 2 || (season >= 2 && series.length < season)) return undefined;
  const error = (parameters: readonly number[]) => {
    let squares = 0;
    run(parameters, series, season, 0, (forecast, i) => {
      const value = series[i]!;
      if (!Number.isNaN(value)) squares += (forecast - value) ** 2;
    });
    return Number.isFinite(squares) ? squares : Number.POSITIVE_INFINITY;
  };

  const start = startingPoint(series, season);
  const starts = guesses.length ** 4;
  const iterations = Math.min(ITERATIONS, Math.max(1, Math.floor(STEPS / (starts * 2 * series.length))));
  let best = { value: Number.POSITIVE_INFINITY, at: start as readonly number[] };
  for (const alpha of guesses) {
    for (const beta of guesses) {
      for (const gamma of guesses) {
        for (const phi of guesses) {
          const from = start.slice();
          from[ALPHA] = alpha;
          from[BETA] = beta;
          from[GAMMA] = gamma;
          from[PHI] = phi;
          const found = minimise(error, from, { step: 1, tolerance: TOLERANCE, iterations });
          if (found.value < best.value) best = found;
        }
      }
    }
  }

  const fitted = new Float64Array(series.length);
  const future = new Float64Array(ahead);
  run(best.at, series, season, ahead, (forecast, i) => {
    if (i < series.length) fitted[i] = forecast;
    else future[i - series.length] = forecast;
  });
  return { fitted, future };
}
