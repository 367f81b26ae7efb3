import type { z } from 'zod';

/** A setting as it is declared: what is said here makes the parsing, the error messages and the documentation. */
export interface Setting<T = unknown> {
  /** The environment variables that set it; the first that is not empty counts. */
  readonly variables: readonly string[];
  readonly schema: z.ZodType<T, string>;
  /** As it would stand in the environment. */
  readonly default: string;
  readonly description: string;
  /** Never shown: not in logs, not by the configuration API. */
  readonly secret: boolean;
}

export function setting<T>(
  variables: string | readonly string[],
  schema: z.ZodType<T, string>,
  defaultText: string,
  description: string,
): Setting<T> {
  return {
    variables: typeof variables === 'string' ? [variables] : variables,
    schema,
    default: defaultText,
    description,
    secret: false,
  };
}

export function secretSetting<T>(...args: Parameters<typeof setting<T>>): Setting<T> {
  return { ...setting(...args), secret: true };
}
