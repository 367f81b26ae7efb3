import type { FakePorts } from '@supercap/dataflow/testing';
import type { ScriptRun } from './run-script';

/** Everything that left the task. */
export const effects = (run: ScriptRun, fake: FakePorts) => ({
  output: run.output === '' ? [] : run.output.split('\n'),
  events: fake.events.map(({ topics, event }) => [
    topics,
    event.id,
    event.level,
    event.message,
    event.time,
    event.duration,
  ]),
  posts: fake.requests.map(({ url, body }) => [url, body]),
  looped: fake.looped.map((point) => [point.name, point.time, point.tags.toObject()]),
  served: [...fake.served].map(([path, result]) => [path, result()]),
});
