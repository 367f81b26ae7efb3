import { sprintf } from '@supercap/go-template';

/** Go's `%q`: in double quotes, with backslash escapes. */
export const quote = (text: string): string => sprintf('%q', [text]);
