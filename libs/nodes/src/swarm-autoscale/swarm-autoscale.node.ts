import { defineNode, property } from '@supercap/pipeline';
import { autoscaleProperties, checkResource, checkScaling } from '../k8s-autoscale/autoscale-properties';

export const swarmAutoscale = defineNode({
  name: 'swarmAutoscale',
  prefix: 'swarm_autoscale',
  goType: '*pipeline.SwarmAutoscaleNode',
  summary: 'Set the number of replicas of a Docker Swarm service.',
  edge: { wants: 'any', provides: 'stream' },
  args: {},
  properties: {
    ...autoscaleProperties,
    serviceName: property.value('string', 'Name of the service to scale.', { default: '' }),
    serviceNameTag: property.value('string', 'Tag that names the service to scale.', { default: '' }),
    outputServiceNameTag: property.value(
      'string',
      'Tag of the output that gets the name; serviceNameTag unless given.',
      {
        default: '',
      },
    ),
  },
  validate: (options) => checkResource('Service', options.serviceName, options.serviceNameTag) ?? checkScaling(options),
  since: '1.4.0',
});
