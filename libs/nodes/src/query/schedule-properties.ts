import { property } from '@supercap/pipeline';

/** When and where a batch source queries. */
export const scheduleProperties = {
  every: property.value('duration', 'How often to query. Exactly one of every and cron is required.', { default: 0n }),
  cron: property.value(
    'string',
    'When to query, as a cron expression of 5 to 7 fields or an alias such as `@hourly`.',
    {
      default: '',
    },
  ),
  align: property.flag('Query at multiples of every.'),
  offset: property.value('duration', 'How far to shift the queried range back.', { default: 0n }),
  cluster: property.value('string', 'Name of the configured InfluxDB; the default one unless given.', { default: '' }),
};
