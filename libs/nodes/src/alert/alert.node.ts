import { handlerDefinitions } from '@supercap/alert-handlers';
import { ZERO_TIME } from '@supercap/data-model';
import type { LambdaState } from '@supercap/lambda';
import { defineNode, type OptionsOf, property } from '@supercap/pipeline';
import { AlertReceiver } from './alert-runtime';
import type { AlertState } from './alert-state';
import { defaultDetails, defaultMessage } from './alert-texts';
import { newHistory } from './flapping';

const levelProperties = {
  info: property.value('lambda', 'When the level is INFO.'),
  warn: property.value('lambda', 'When the level is WARNING.'),
  crit: property.value('lambda', 'When the level is CRITICAL.'),
  infoReset: property.value('lambda', 'When the level INFO may be left for a lower one.'),
  warnReset: property.value('lambda', 'When the level WARNING may be left for a lower one.'),
  critReset: property.value('lambda', 'When the level CRITICAL may be left for a lower one.'),
};

const textProperties = {
  id: property.value('string', 'Template of the id, which tells the events of a topic apart.', {
    default: '{{ .Name }}:{{ .Group }}',
  }),
  message: property.value('string', 'Template of the message.', { default: defaultMessage }),
  details: property.value('string', 'Template of the details, in HTML.', { default: defaultDetails }),
};

const annotationProperties = {
  levelTag: property.value('string', 'Tag of the output that holds the level.', { default: '' }),
  levelField: property.value('string', 'Field of the output that holds the level.', { default: '' }),
  messageField: property.value('string', 'Field of the output that holds the message.', { default: '' }),
  durationField: property.value('string', 'Field of the output that holds the duration, in nanoseconds.', {
    default: '',
  }),
  idTag: property.value('string', 'Tag of the output that holds the id.', { default: '' }),
  idField: property.value('string', 'Field of the output that holds the id.', { default: '' }),
};

/** Events only on a change of level, and at least every `maxInterval` while it stays; 0n: never again. */
export interface StateChangesOnly {
  readonly maxInterval: bigint;
}

export interface FlappingThresholds {
  readonly low: number;
  readonly high: number;
}

/** While an alert is not OK, alerts of this category with equal values of these tags are silent. */
export interface Inhibitor {
  readonly category: string;
  readonly tags: readonly string[];
}

const triggerProperties = {
  topic: property.value('string', 'The topic that events go to, beside the handlers of the script.', { default: '' }),
  category: property.value('string', 'What other alerts may inhibit this one by.', { default: '', since: '1.5.0' }),
  inhibit: property.method<readonly Inhibitor[]>({
    summary: 'Silences alerts of a category while this one is not OK, where these tags are equal.',
    parameters: [
      { type: 'string', summary: 'The category.' },
      { type: 'string', summary: 'Tags that must be equal.', variadic: true },
    ],
    initial: [],
    apply: (current, [category, tags]) => [
      ...current,
      { category: category as string, tags: tags as unknown as readonly string[] },
    ],
    since: '1.5.0',
  }),
  stateChangesOnly: property.method<StateChangesOnly | undefined>({
    summary: 'Events only on a change of level, and again when it lasts.',
    // The original takes any number of intervals and uses the first.
    parameters: [{ type: 'duration', summary: 'When to repeat an event while the level stays.', variadic: true }],
    initial: undefined,
    apply: (_current, [intervals]) => ({ maxInterval: (intervals as unknown as readonly bigint[])[0] ?? 0n }),
  }),
  flapping: property.method<FlappingThresholds | undefined>({
    summary: 'No events while the level changes too often.',
    parameters: [
      { type: 'float', summary: 'Share of changes below which flapping ends.' },
      { type: 'float', summary: 'Share of changes above which flapping begins.' },
    ],
    initial: undefined,
    apply: (_current, [low, high]) => ({ low: low as number, high: high as number }),
  }),
  history: property.value('int', 'How many levels flapping looks at; at least 2.', { default: 21n }),
  noRecoveries: property.flag('No events for the level OK.'),
  all: property.flag('A batch has the level that all of its points reach.'),
};

const properties = { ...levelProperties, ...textProperties, ...triggerProperties, ...annotationProperties };

export type AlertOptions = OptionsOf<Record<never, never>, typeof properties>;

/** States of the conditions, which all groups share, by the place of the condition. */
export interface AlertShared {
  readonly conditions: { readonly state: LambdaState; readonly shared: readonly LambdaState[] }[];
}

export const alert = defineNode({
  name: 'alert',
  goType: '*pipeline.AlertNode',
  summary: 'Send events to handlers and topics when the data reach a level.',
  edge: { wants: 'any', provides: 'same' },
  args: {},
  properties,
  handlers: handlerDefinitions,
  shared: (): AlertShared => ({ conditions: [] }),
  state: ({ flapping, history }): AlertState => ({
    level: 0,
    opened: false,
    firstTriggered: ZERO_TIME,
    lastTriggered: ZERO_TIME,
    alerting: false,
    history: flapping && newHistory(Math.max(2, Number(history))),
    id: '',
    idName: '',
    idTags: undefined,
  }),
  runtime: { kind: 'receiver', create: (context) => new AlertReceiver(context) },
  examples: [
    {
      script: `|alert().crit(lambda: "v" > 5).levelField('level')`,
      input: 'm v=1 0\nm v=6 1\nm v=1 2\nm v=1 3',
      output: 'm level="CRITICAL",v=6 1\nm level="OK",v=1 2',
    },
  ],
});
