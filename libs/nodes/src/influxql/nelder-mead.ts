/** Where a search ended. */
export interface Minimum {
  readonly value: number;
  readonly at: Float64Array;
}

const CONTRACT = 0.5;
const EXPAND = 2;

/**
 * Looks for a minimum of `f` near `start` by the simplex method of Nelder and Mead. Ends when the standard deviation of
 * the values of the simplex is below `tolerance`, or after `iterations`. `f` may change the place that it is given: what
 * it makes of a corner stays in the simplex.
 */
export function minimise(
  f: (at: Float64Array) => number,
  start: readonly number[],
  { step, tolerance, iterations }: { step: number; tolerance: number; iterations: number },
): Minimum {
  const dimensions = start.length;
  // A regular simplex with edges of the given length, one corner at the start.
  const near = (step * (Math.sqrt(dimensions + 1) - 1)) / (dimensions * Math.SQRT2);
  const far = (step * (Math.sqrt(dimensions + 1) - 1 + dimensions)) / (dimensions * Math.SQRT2);
  const corners: Float64Array[] = [Float64Array.from(start)];
  for (let i = 0; i < dimensions; i++) corners.push(Float64Array.from(start, (x, j) => x + (i === j ? far : near)));
  const values = corners.map((corner) => f(corner));
  const centre = new Float64Array(dimensions);

  for (let iteration = 0; iteration < iterations; iteration++) {
    const { best, worst, second } = rank(values);
    const lowest = values[best]!;
    const high = values[second]!;
    const highest = values[worst]!;
    findCentre(corners, worst, centre);
    const put = (corner: Float64Array, value: number) => {
      corners[worst] = corner;
      values[worst] = value;
    };
    const towards = (from: Float64Array, factor: number) => centre.map((c, i) => c + factor * (from[i]! - c));

    const reflected = centre.map((c, i) => c + (c - corners[worst]![i]!));
    const reflectedValue = f(reflected);
    if (reflectedValue < high && reflectedValue >= lowest) put(reflected, reflectedValue);
    if (reflectedValue < lowest) {
      const expanded = towards(reflected, EXPAND);
      const expandedValue = f(expanded);
      if (expandedValue < reflectedValue) put(expanded, expandedValue);
      else put(reflected, reflectedValue);
    }
    if (reflectedValue >= high) {
      const outside = reflectedValue < highest;
      const contracted = outside
        ? towards(reflected, CONTRACT)
        : centre.map((c, i) => c - CONTRACT * (c - corners[worst]![i]!));
      const contractedValue = f(contracted);
      if (contractedValue < highest) put(contracted, contractedValue);
      else {
        shrink(corners, best);
        // Only these two: the others keep the values that they had.
        values[worst] = f(corners[worst]!);
        values[second] = f(corners[second]!);
      }
    }
    if (deviation(values) < tolerance) break;
  }
  const best = corners[rank(values).best]!;
  // The place is what it was before it is looked at for the last time.
  const at = best.slice();
  return { value: f(best), at };
}

/** The corners with the smallest, the greatest and the second greatest value. */
function rank(values: readonly number[]): { best: number; worst: number; second: number } {
  let best = 0;
  let worst = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > values[worst]!) worst = i;
    if (values[i]! < values[best]!) best = i;
  }
  let second = best;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > values[second]! && values[i]! < values[worst]!) second = i;
  }
  return { best, worst, second };
}

/** The mean of all corners but one. */
function findCentre(corners: readonly Float64Array[], without: number, centre: Float64Array): void {
  const others = corners.length - 1;
  for (let i = 0; i < centre.length; i++) {
    let sum = 0;
    for (let corner = 0; corner < corners.length; corner++) if (corner !== without) sum += corners[corner]![i]!;
    centre[i] = sum / others;
  }
}

function shrink(corners: readonly Float64Array[], best: number): void {
  const towards = corners[best]!;
  for (const corner of corners) {
    if (corner === towards) continue;
    for (let i = 0; i < corner.length; i++) corner[i] = towards[i]! + (corner[i]! - towards[i]!) / 2;
  }
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2 / (values.length - 1), 0);
  return Math.sqrt(squares);
}
