import { property } from '@supercap/pipeline';

/** Request headers in the order of their calls; the same name again replaces the value. */
export const headerProperty = property.method<readonly (readonly [name: string, value: string])[]>({
  summary: 'Set a request header. May be given several times.',
  parameters: [
    { type: 'string', summary: 'Name of the header.' },
    { type: 'string', summary: 'Its value.' },
  ],
  initial: [],
  apply: (current, [name, value]) => [
    ...current.filter(([known]) => known !== name),
    [name as string, value as string],
  ],
});
