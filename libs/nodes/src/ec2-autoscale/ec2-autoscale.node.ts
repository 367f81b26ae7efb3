import { defineNode, property } from '@supercap/pipeline';
import { autoscaleProperties, checkResource, checkScaling } from '../k8s-autoscale/autoscale-properties';

export const ec2Autoscale = defineNode({
  name: 'ec2Autoscale',
  prefix: 'ec2_autoscale',
  goType: '*pipeline.Ec2AutoscaleNode',
  summary: 'Set the desired capacity of an Amazon EC2 autoscaling group.',
  edge: { wants: 'any', provides: 'stream' },
  args: {},
  properties: {
    ...autoscaleProperties,
    groupName: property.value('string', 'Name of the autoscaling group.', { default: '' }),
    groupNameTag: property.value('string', 'Tag that names the autoscaling group.', { default: '' }),
    outputGroupNameTag: property.value('string', 'Tag of the output that gets the name; groupNameTag unless given.', {
      default: '',
    }),
  },
  validate: (options) => checkResource('Group', options.groupName, options.groupNameTag) ?? checkScaling(options),
  since: '1.4.0',
});
