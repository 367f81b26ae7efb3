import type { AlertLevel } from '@supercap/pipeline';

/** From the lowest to the highest; a level's place is its number in lambdas. */
export const alertLevels: readonly AlertLevel[] = ['OK', 'INFO', 'WARNING', 'CRITICAL'];

const RANK: Readonly<Record<AlertLevel, number>> = { OK: 0, INFO: 1, WARNING: 2, CRITICAL: 3 };

export function rankOf(level: AlertLevel): number {
  return RANK[level];
}

export function highestLevel(levels: Iterable<AlertLevel>): AlertLevel {
  let highest: AlertLevel = 'OK';
  for (const level of levels) if (RANK[level] > RANK[highest]) highest = level;
  return highest;
}

/**
 * The level that a query parameter such as `min-level` names: any prefix of its name, in any letter case; empty is OK.
 * Undefined: `unknown alert level '<text>'`, see `unknownLevel`.
 */
export function parseLevel(text: string): AlertLevel | undefined {
  const upper = text.toUpperCase();
  return alertLevels.find((level) => level.startsWith(upper));
}

export function unknownLevel(text: string): string {
  return `unknown alert level '${text.toUpperCase()}'`;
}
