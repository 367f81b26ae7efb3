import { defineNode, property } from '@supercap/pipeline';
import { autoscaleProperties, checkResource, checkScaling } from './autoscale-properties';

const kinds = ['deployments', 'replicasets', 'replicationcontroller'];

export const k8sAutoscale = defineNode({
  name: 'k8sAutoscale',
  prefix: 'k8s_autoscale',
  goType: '*pipeline.K8sAutoscaleNode',
  summary: 'Set the number of replicas of a Kubernetes resource.',
  edge: { wants: 'any', provides: 'stream' },
  args: {},
  properties: {
    ...autoscaleProperties,
    resourceName: property.value('string', 'Name of the resource to scale.', { default: '' }),
    resourceNameTag: property.value('string', 'Tag that names the resource to scale.', { default: '' }),
    namespace: property.value('string', 'Namespace of the resource; the configured one unless given.', { default: '' }),
    kind: property.value('string', 'Kind of the resource: deployments, replicasets or replicationcontroller.', {
      default: 'deployments',
    }),
    namespaceTag: property.value('string', 'Tag of the output that gets the namespace; empty for none.', {
      default: 'namespace',
    }),
    kindTag: property.value('string', 'Tag of the output that gets the kind; empty for none.', { default: 'kind' }),
    resourceTag: property.value('string', 'Tag of the output that gets the name; empty for none.', {
      default: 'resource',
    }),
  },
  validate(options) {
    const resource = checkResource('Resource', options.resourceName, options.resourceNameTag);
    if (resource !== undefined) return resource;
    if (!kinds.includes(options.kind)) {
      return `invalid Kind, must be 'deployments', 'replicasets' or 'replicationcontrollers', got ${options.kind}`;
    }
    return checkScaling(options);
  },
  since: '1.1.0',
});
