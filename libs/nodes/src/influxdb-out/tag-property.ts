import { property } from '@supercap/pipeline';

/** Static tags in the order of their calls; the same key again replaces the value. */
export const tagProperty = property.method<readonly (readonly [key: string, value: string])[]>({
  summary: 'Set a tag on everything that is written. May be given several times.',
  parameters: [
    { type: 'string', summary: 'Key of the tag.' },
    { type: 'string', summary: 'Its value.' },
  ],
  initial: [],
  apply: (current, [key, value]) => [...current.filter(([known]) => known !== key), [key as string, value as string]],
});
