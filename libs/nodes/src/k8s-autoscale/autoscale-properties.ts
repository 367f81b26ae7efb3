import type { Lambda } from '@supercap/tickscript';
import { property } from '@supercap/pipeline';

/** What the autoscale nodes share. */
export const autoscaleProperties = {
  cluster: property.value('string', 'Name of the configured cluster; the default one unless given.', { default: '' }),
  min: property.value('int', 'Least number of replicas.', { default: 1n }),
  max: property.value('int', 'Greatest number of replicas; 0 for no limit.', { default: 0n }),
  replicas: property.value('lambda', 'Expression for the wanted number of replicas, an int. Required.'),
  currentField: property.value('string', 'Field that the expression sees the current number of replicas in.', {
    default: '',
  }),
  increaseCooldown: property.value('duration', 'No second increase within this time.', { default: 0n }),
  decreaseCooldown: property.value('duration', 'No second decrease within this time.', { default: 0n }),
};

interface Scaling {
  readonly min: bigint;
  readonly replicas: Lambda | undefined;
}

/** The rules that the autoscale nodes share, in the order in which they are checked. */
export function checkResource(kind: string, name: string, nameTag: string): string | undefined {
  if ((name === '') === (nameTag === '')) return `must specify exactly one of ${kind}Name or ${kind}NameTag`;
  return undefined;
}

export function checkScaling({ min, replicas }: Scaling): string | undefined {
  if (min < 1n) return `min must be >= 1, got ${min}`;
  if (replicas === undefined) return 'must provide a replicas lambda expression';
  return undefined;
}
