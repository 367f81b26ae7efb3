import { BatchQuery, type QueryOptions } from './batch-query';
import { scheduleRuntime } from './schedule-runtime';

export const queryRuntime = scheduleRuntime<QueryOptions>((options, task) => {
  const query = new BatchQuery(options);
  // A replay brings what was recorded, wherever that came from.
  if (task.master === 'main') query.checkSources(task.dbrps);
});
