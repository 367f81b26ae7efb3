import type { RenderedEvent } from '../event';

/** An event with everything that a test does not care for. */
export function anEvent(given: Partial<RenderedEvent>): RenderedEvent {
  return {
    eventId: 'task/1/0/0',
    topic: 't',
    id: 'i',
    message: 'i is CRITICAL',
    details: '',
    time: '1500000000000000000',
    duration: '0',
    level: 'CRITICAL',
    previousLevel: 'OK',
    recoverable: true,
    name: 'm',
    taskName: 'task',
    group: 'nil',
    tags: {},
    fields: { v: 90 },
    dataJson: '{"series":[{"name":"m","columns":["time","v"],"values":[["2017-07-14T02:40:00Z",90]]}]}',
    ...given,
  };
}
