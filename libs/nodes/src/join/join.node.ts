import { defineNode, property, restArg } from '@supercap/pipeline';
import { emptyFifo } from './fifo';
import { joinRuntime, type JoinShared } from './join-runtime';
import type { JoinGroup } from './join-sets';

export const join = defineNode({
  name: 'join',
  goType: '*pipeline.JoinNode',
  summary: 'Join points or batches of several parents that have the same time into one.',
  edge: { wants: 'any', provides: 'same' },
  parents: { option: 'nodes' },
  args: {
    nodes: restArg('node', 'The nodes to join with the one left of the pipe.'),
  },
  properties: {
    as: property.list('string', 'Prefixes of the resulting fields, one per parent in order. Required.'),
    on: property.list('string', 'Tags to join on when some parents are grouped by more tags than these.'),
    tolerance: property.value('duration', 'Times are rounded to multiples of this before they are compared.', {
      default: 0n,
    }),
    fill: property.value(
      'any',
      "What stands for a parent that has nothing at a time: 'none' (drop, the default), 'null' or a number.",
    ),
    streamName: property.value('string', 'Name of the result; that of the left-most parent present unless given.', {
      default: '',
    }),
    delimiter: property.value('string', 'Stands between prefix and field name.', { default: '.' }),
    deleteAll: property.value('bool', 'A deleted group also forgets what the coarser parents of .on() sent.', {
      default: false,
      since: '1.6.0',
    }),
  },
  validate({ nodes, as: names, delimiter }) {
    if (names.length === 0) return 'a call to join.as() is required to specify the output stream prefixes.';
    if (names.length !== nodes.length + 1) {
      return 'number of prefixes specified by join.as() must match the number of joined streams';
    }
    const seen = new Set<string>();
    for (const name of names) {
      if (name === '') return 'must provide a prefix name for the join node, see .as() property method';
      if (delimiter !== '' && name.includes(delimiter)) {
        // The tab is part of the text that clients know.
        return `cannot use name ${name} as field prefix, it contains the delimiter "${delimiter}"\t`;
      }
      if (seen.has(name)) return 'cannot use the same prefix name see .as() property method';
      seen.add(name);
    }
    return undefined;
  },
  shared: (): JoinShared => ({ held: 0, on: new Map() }),
  state: ({ nodes }): JoinGroup => ({
    sets: emptyFifo(),
    heads: new Array<bigint | undefined>(nodes.length + 1).fill(undefined),
    onKey: undefined,
  }),
  // With `on` the coarser groups only lend their messages to the finer ones.
  cardinality: (_shared, states) => [...states].filter(({ heads }) => heads.some((head) => head !== undefined)).length,
  runtime: joinRuntime,
  examples: [
    {
      script: "|join(stream|from().measurement('n')).as('x', 'y')",
      input: 'm v=1 0\nn v=10 0\nm v=2 10\nn v=30 20\nm v=4 30\nn v=40 30',
      output: 'm x.v=1,y.v=10 0\nm x.v=4,y.v=40 30',
    },
  ],
});
