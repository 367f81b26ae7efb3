import type { Lambda } from '@supercap/tickscript';
import { createCatalog } from '../catalog';
import { compileScript, type CompiledScript, type CompileInput } from '../compile';
import { arg, DefinitionError, defineHandler, defineNode, optionalArg, property, restArg } from '../definition';
import type { ScriptValue } from '../script-types';

// A few nodes of every shape, for the specs of this library.

const tags = property.method<readonly ScriptValue[]>({
  summary: 'Tags to group by.',
  parameters: [restArg('any', 'A tag or `*`.')],
  initial: [],
  apply: (_current, [given]) => given as readonly ScriptValue[],
});

const from = defineNode({
  name: 'from',
  legacyPrefix: 'stream',
  goType: '*pipeline.FromNode',
  summary: 'Select points.',
  edge: { wants: 'stream', provides: 'stream' },
  chainsFrom: ['stream', 'from'],
  args: {},
  properties: {
    measurement: property.value('string', 'The measurement.', { default: '' }),
    truncate: property.value('duration', 'Unit to truncate times to.', { default: 0n }),
    where: property.method<Lambda | undefined>({
      summary: 'A condition.',
      parameters: [arg('lambda', 'The condition.')],
      initial: undefined,
      apply: (_current, [lambda]) => lambda as Lambda,
    }),
    groupBy: tags,
  },
  validate: ({ groupBy }) => {
    const odd = groupBy.find((tag) => typeof tag === 'bigint');
    return odd === undefined ? undefined : 'invalid dimension object of type int64';
  },
});

const query = defineNode({
  name: 'query',
  legacyPrefix: 'batch',
  goType: '*pipeline.QueryNode',
  summary: 'Query InfluxDB.',
  edge: { wants: 'batch', provides: 'batch' },
  chainsFrom: ['batch'],
  args: { query: arg('string', 'The query.') },
  properties: {
    period: property.value('duration', 'The queried range.', { default: 0n }),
    every: property.value('duration', 'How often.', { default: 0n }),
    groupBy: tags,
    fill: property.value('any', 'What to fill with.'),
  },
});

const window = defineNode({
  name: 'window',
  goType: '*pipeline.WindowNode',
  summary: 'Collect points.',
  edge: { wants: 'stream', provides: 'batch', mismatch: 'cannot Window batch edge' },
  args: {},
  properties: {
    period: property.value('duration', 'Length.', { default: 0n }),
    every: property.value('duration', 'How often.', { default: 0n }),
    align: property.flag('Align to multiples of every.'),
  },
});

const aggregate = (name: string) =>
  defineNode({
    name,
    goType: '*pipeline.InfluxQLNode',
    summary: `The ${name}.`,
    edge: { wants: 'any', provides: 'stream' },
    args: { field: arg('string', 'The field.') },
    properties: { as: property.value('string', 'Name of the result.', { default: name }) },
  });

const slack = defineHandler({
  name: 'slack',
  kind: 'slack',
  goType: '*pipeline.SlackHandler',
  summary: 'Slack.',
  args: {},
  properties: { channel: property.value('string', 'The channel.') },
});

const log = defineHandler({
  name: 'log',
  kind: 'log',
  goType: '*pipeline.LogHandler',
  summary: 'A file.',
  args: { path: arg('string', 'The file.') },
  properties: { mode: property.value('int', 'Its mode.', { default: 0o600n }) },
  validate: ({ path }) => (path === '' ? 'must provide a path' : undefined),
});

export const testCatalog = createCatalog([
  from,
  query,
  window,
  aggregate('mean'),
  aggregate('max'),
  defineNode({
    name: 'where',
    goType: '*pipeline.WhereNode',
    summary: 'Filter.',
    edge: { wants: 'any', provides: 'same' },
    args: { predicate: arg('lambda', 'The condition.') },
    properties: {},
  }),
  defineNode({
    name: 'eval',
    goType: '*pipeline.EvalNode',
    summary: 'Compute.',
    edge: { wants: 'any', provides: 'same' },
    args: { expressions: restArg('lambda', 'Expressions.') },
    properties: { as: property.list('string', 'Names of the results.') },
    validate: ({ expressions, as }) =>
      expressions.length === as.length
        ? undefined
        : `must specify same number of expressions and .as() names: got ${as.length} as names, and ${expressions.length} expressions.`,
  }),
  defineNode({
    name: 'groupBy',
    prefix: 'groupby',
    goType: '*pipeline.GroupByNode',
    summary: 'Group.',
    edge: { wants: 'any', provides: 'same' },
    args: { tags: restArg('any', 'Tags.') },
    properties: {},
  }),
  defineNode({
    name: 'sample',
    goType: '*pipeline.SampleNode',
    summary: 'Keep some.',
    edge: { wants: 'any', provides: 'same' },
    args: { rate: arg('any', 'How many.') },
    properties: {},
    checkArgs: ({ rate }) => {
      if (typeof rate === 'string') throw new DefinitionError('must pass int64 or duration to new sample node');
    },
  }),
  defineNode({
    name: 'derivative',
    goType: '*pipeline.DerivativeNode',
    summary: 'Rate of change.',
    edge: { wants: 'any', provides: 'same' },
    args: { field: arg('string', 'The field.') },
    properties: {
      as: property.value('string', 'Name of the result.', { default: '' }),
      unit: property.value('duration', 'Unit.', { default: 1_000_000_000n }),
      nonNegative: property.flag('Drop negative results.'),
    },
  }),
  defineNode({
    name: 'stats',
    goType: '*pipeline.StatsNode',
    summary: 'Count what a node emits.',
    edge: { wants: 'any', provides: 'stream' },
    args: { interval: arg('duration', 'How often.') },
    properties: { align: property.flag('Align to multiples of the interval.') },
  }),
  defineNode({
    name: 'join',
    goType: '*pipeline.JoinNode',
    summary: 'Join.',
    edge: { wants: 'any', provides: 'same' },
    args: { nodes: restArg('node', 'The others.') },
    parents: { option: 'nodes' },
    properties: { as: property.list('string', 'Prefixes.') },
  }),
  defineNode({
    name: 'union',
    goType: '*pipeline.UnionNode',
    summary: 'Merge.',
    edge: { wants: 'any', provides: 'same' },
    args: { nodes: restArg('node', 'The others.') },
    parents: { option: 'nodes', leftIsLast: true },
    properties: { rename: property.value('string', 'Measurement.', { default: '' }) },
  }),
  defineNode({
    name: 'alert',
    goType: '*pipeline.AlertNode',
    summary: 'Alert.',
    edge: { wants: 'any', provides: 'same' },
    args: {},
    properties: {
      id: property.value('string', 'Id.', { default: '{{ .Name }}:{{ .Group }}' }),
      message: property.value('string', 'Message.', { default: '{{ .ID }} is {{ .Level }}' }),
      crit: property.value('lambda', 'When critical.'),
      stateChangesOnly: property.method<boolean | bigint>({
        summary: 'Only changes.',
        parameters: [optionalArg('duration', 'And at least this often.')],
        initial: false,
        apply: (_current, [every]) => (every as bigint | undefined) ?? true,
      }),
    },
    handlers: [slack, log],
  }),
  defineNode({
    name: 'httpOut',
    prefix: 'http_out',
    goType: '*pipeline.HTTPOutNode',
    summary: 'Serve.',
    edge: { wants: 'any', provides: 'same' },
    args: { endpoint: arg('string', 'The path.') },
    properties: {},
  }),
  defineNode({
    name: 'influxDBOut',
    prefix: 'influxdb_out',
    goType: '*pipeline.InfluxDBOutNode',
    summary: 'Write.',
    edge: { wants: 'any', provides: 'none' },
    args: {},
    properties: { database: property.value('string', 'Database.', { default: '' }) },
  }),
]);

export function compile(script: string, input: Partial<CompileInput> = {}): CompiledScript {
  return compileScript({ script, dialect: 'v1', catalog: testCatalog, ...input });
}

/** The error that a script is refused with. */
export function refusal(script: string, input: Partial<CompileInput> = {}): string {
  try {
    compile(script, input);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'it compiles';
}
