import { arg, defineNode, property } from '@supercap/pipeline';

const addName = (current: readonly string[], name: string) => (current.includes(name) ? current : [...current, name]);

export const deleteNode = defineNode({
  name: 'delete',
  goType: '*pipeline.DeleteNode',
  summary: 'Remove fields and tags.',
  edge: { wants: 'any', provides: 'same' },
  args: {},
  properties: {
    field: property.method<readonly string[]>({
      summary: 'A field to remove.',
      parameters: [arg('string', 'Name of the field.')],
      initial: [],
      apply: (current, [name]) => addName(current, name as string),
    }),
    tag: property.method<readonly string[]>({
      summary: 'A tag to remove; points are no longer grouped by it.',
      parameters: [arg('string', 'Name of the tag.')],
      initial: [],
      apply: (current, [name]) => addName(current, name as string),
    }),
  },
  examples: [{ script: `|delete().field('w').tag('host')`, input: 'm,dc=x,host=a v=1,w=2 0', output: 'm,dc=x v=1 0' }],
  since: '1.0.0',
});
