import { defineAlertHandler, option } from '@supercap/alerting';
import { arg, property } from '@supercap/pipeline';

const QOS = ['at-most-once', 'at-least-once', 'exactly-one'];

export const mqtt = defineAlertHandler({
  kind: 'mqtt',
  summary: 'Publish the alert message to an MQTT topic.',
  since: '1.4.0',
  script: {
    name: 'mqtt',
    goType: '*pipeline.MQTTHandler',
    args: { topic: arg('string', 'Template of the topic.') },
    properties: {
      brokerName: property.value('string', 'Which configured broker. The default one unless given.'),
      qos: property.value('int', 'Quality of service: 0, 1 or 2.'),
      retained: property.value('bool', 'Whether the broker keeps the message for later subscribers.'),
    },
    toOptions: (given) => ({
      topic: given.topic,
      'broker-name': given.brokerName,
      qos: given.qos === undefined ? undefined : (QOS[Number(given.qos)] ?? String(given.qos)),
      retained: given.retained,
    }),
  },
  topic: {
    goType: '*mqtt.HandlerConfig',
    options: {
      'broker-name': option.string('Which configured broker.'),
      topic: option.string('Template of the topic.'),
      qos: option.string('`at-most-once`, `at-least-once` or `exactly-one`.'),
      retained: option.bool('Whether the broker keeps the message for later subscribers.'),
    },
  },
  validate: ({ qos }) =>
    qos === '' || qos === 'exactly-once' || QOS.includes(qos) ? undefined : `invalid MQTT quality of service "${qos}"`,
});
