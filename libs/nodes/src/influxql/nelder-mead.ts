/** Where a search ended. */
export interface Minimum {
  readonly value: number;
  readonly at: readonly number[];
}

interface Vertex {
  value: number;
  at: number[];
}

const REFLECT = 1;
const EXPAND = 2;
const CONTRACT = 0.5;
const SHRINK = 0.5;

/**
 * Looks for a minimum of `f` near `start` by the simplex method of Nelder and Mead. Ends when the values of the simplex
 * lie within `tolerance` of each other, or after `iterations`.
 */
export function minimise(
  f: (at: readonly number[]) => number,
  start: readonly number[],
  { step, tolerance, iterations }: { step: number; tolerance: number; iterations: number },
): Minimum {
  const dimensions = start.length;
  const vertexAt = (at: number[]): Vertex => ({ at, value: f(at) });
  const simplex: Vertex[] = [vertexAt([...start])];
  // A regular simplex with edges of the given length, one corner at the start.
  const near = (step * (Math.sqrt(dimensions + 1) - 1)) / (dimensions * Math.SQRT2);
  const far = (step * (Math.sqrt(dimensions + 1) + dimensions - 1)) / (dimensions * Math.SQRT2);
  for (let i = 0; i < dimensions; i++) {
    simplex.push(vertexAt(start.map((x, j) => x + (i === j ? far : near))));
  }
  const byValue = (a: Vertex, b: Vertex) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0);

  for (let iteration = 0; iteration < iterations; iteration++) {
    simplex.sort(byValue);
    const best = simplex[0]!;
    const worst = simplex[dimensions]!;
    if (worst.value - best.value <= tolerance) break;

    const centre = start.map((_, j) => {
      let total = 0;
      for (let i = 0; i < dimensions; i++) total += simplex[i]!.at[j]!;
      return total / dimensions;
    });
    const along = (factor: number) => vertexAt(centre.map((c, j) => c + factor * (worst.at[j]! - c)));

    const reflected = along(-REFLECT);
    if (reflected.value < best.value) {
      const expanded = along(-EXPAND);
      simplex[dimensions] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < simplex[dimensions - 1]!.value) {
      simplex[dimensions] = reflected;
    } else {
      const contracted = along(reflected.value < worst.value ? -CONTRACT : CONTRACT);
      if (contracted.value < Math.min(reflected.value, worst.value)) {
        simplex[dimensions] = contracted;
      } else {
        for (let i = 1; i <= dimensions; i++) {
          simplex[i] = vertexAt(best.at.map((x, j) => x + SHRINK * (simplex[i]!.at[j]! - x)));
        }
      }
    }
  }
  simplex.sort(byValue);
  return simplex[0]!;
}
