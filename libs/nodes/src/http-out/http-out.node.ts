import { arg, defineNode } from '@supercap/pipeline';

export const httpOut = defineNode({
  name: 'httpOut',
  prefix: 'http_out',
  goType: '*pipeline.HTTPOutNode',
  summary: 'Serve the latest point or batch of every group at an HTTP endpoint of the task.',
  edge: { wants: 'any', provides: 'same' },
  args: {
    endpoint: arg('string', 'The path below `/kapacitor/v1/tasks/<task>/`.'),
  },
  properties: {},
});
