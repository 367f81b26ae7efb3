import { defineAlertHandler, option } from '@supercap/alerting';
import { property } from '@supercap/pipeline';
import { ifSet } from './properties';

export const kafka = defineAlertHandler({
  kind: 'kafka',
  summary: 'Write the alert data to a Kafka topic.',
  since: '1.5.0',
  script: {
    name: 'kafka',
    goType: '*pipeline.KafkaHandler',
    args: {},
    properties: {
      cluster: property.value('string', 'Which configured cluster.'),
      kafkaTopic: property.value('string', 'Topic of the cluster.'),
      template: property.value('string', 'Template of the message. The alert data unless given.'),
      disablePartitionById: property.flag('Spreads messages over all partitions.', '1.6.0'),
      partitionHashAlgorithm: property.value('string', 'How the id chooses the partition.', { since: '1.6.0' }),
    },
    toOptions: (given) => ({
      cluster: given.cluster,
      topic: given.kafkaTopic,
      template: given.template,
      disablePartitionById: ifSet(given.disablePartitionById),
      partitionAlgorithm: given.partitionHashAlgorithm,
    }),
  },
  topic: {
    goType: '*kafka.HandlerConfig',
    options: {
      cluster: option.string('Which configured cluster.'),
      topic: option.string('Topic of the cluster.'),
      template: option.string('Template of the message.'),
      disablePartitionById: option.bool('Spreads messages over all partitions.'),
      partitionAlgorithm: option.string('How the id chooses the partition.'),
    },
  },
});
