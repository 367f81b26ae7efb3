import { type Batch, type Point, rowJson, toRow } from '@supercap/data-model';
import { arg, defineNode } from '@supercap/pipeline';

interface Latest {
  data: Point | Batch | undefined;
}

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
  state: (): Latest => ({ data: undefined }),
  runtime: {
    kind: 'receiver',
    create({ options, ports }) {
      // Where the groups' states are, in the order in which the groups came.
      const groups = new Map<string, Latest>();
      const withdraw = ports.serve(options.endpoint, () => {
        if (groups.size === 0) return '{"series":null}';
        const rows = [...groups.values()].map(({ data }) => (data === undefined ? 'null' : rowJson(toRow(data))));
        return `{"series":[${rows.join(',')}]}`;
      });
      return {
        point(point, state) {
          state.data = point;
          return point;
        },
        batch(batch, state) {
          state.data = batch;
          return batch;
        },
        openGroup(group, state) {
          groups.set(group.id, state);
        },
        deleteGroup(message) {
          groups.delete(message.group.id);
          return message;
        },
        close: withdraw,
      };
    },
  },
  examples: [{ script: "|httpOut('latest')", input: 'm v=1 0\nm v=2 10', output: 'm v=1 0\nm v=2 10' }],
});
