/** Kapacitor's words; a level lets through itself and what comes after it. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'off'] as const;

export type LogLevel = (typeof logLevels)[number];

/** Whether a word, already in lower case, is a level. */
export function isLogLevel(word: string): word is LogLevel {
  return (logLevels as readonly string[]).includes(word);
}

export const rankOf = (level: LogLevel) => logLevels.indexOf(level);
