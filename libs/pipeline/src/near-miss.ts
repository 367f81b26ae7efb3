import type { Candidate } from './errors';

/** The candidate that is most like a name, as it is written, if one is enough like it; the first of several. */
export function nearMiss(name: string, candidates: Iterable<Candidate>): string | undefined {
  const limit = Math.min(Math.max(Math.floor(name.length / 3), 1), 3);
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate.name === name) continue;
    const distance = editDistance(name.toLowerCase(), candidate.name.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate.written;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours between two words, or `enough` if it is not less. */
function editDistance(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let distance = Math.min(replaced, previous[j]! + 1, current[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, beforePrevious[j - 2]! + 1);
      }
      current.push(distance);
    }
    beforePrevious = previous;
    previous = current;
  }
  return Math.min(previous[b.length]!, enough);
}
