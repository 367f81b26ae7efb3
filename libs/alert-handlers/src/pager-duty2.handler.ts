import { defineAlertHandler, option } from '@supercap/alerting';
import { DefinitionError, property } from '@supercap/pipeline';

interface Link {
  readonly href: string;
  readonly text: string;
}

const links = property.method<readonly Link[]>({
  summary: 'Adds a link: its address and, if wanted, its text. Both are templates.',
  parameters: [{ type: 'string', summary: 'The address, then the text.', variadic: true }],
  initial: [],
  apply(current, [given]) {
    const [href, text] = given as unknown as readonly string[];
    if (href === undefined) throw new DefinitionError('a link needs an address');
    return [...current, { href, text: text ?? href }];
  },
  since: '1.5.2',
});

export const pagerDuty2 = defineAlertHandler({
  kind: 'pagerduty2',
  summary: 'Send the alert to PagerDuty.',
  since: '1.5.0',
  script: {
    name: 'pagerDuty2',
    goType: '*pipeline.PagerDuty2Handler',
    args: {},
    properties: {
      routingKey: property.value('string', 'Routing key. The configured one unless given.'),
      serviceKey: property.value('string', 'Another name of the routing key.'),
      link: links,
    },
    toOptions: (given) => ({
      'routing-key': given.routingKey ?? given.serviceKey,
      links: given.link.length === 0 ? undefined : given.link,
    }),
  },
  topic: {
    goType: '*pagerduty2.HandlerConfig',
    options: {
      'routing-key': option.string('Routing key.', { secret: true, aliases: ['service-key'] }),
      links: option.records('Links; both members are templates.', {
        href: option.string('The address.'),
        text: option.string('The text. The address unless given.'),
      }),
    },
  },
});
