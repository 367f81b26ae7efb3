import { describe, expect, it } from 'vitest';
import { aggregateDue, type AggregateBucket, collectAggregate, flushAggregate } from './aggregate';
import { anEvent } from './testing/events';

const SECOND = 1_000_000_000n;
const options = {
  id: 'all',
  interval: 10n * SECOND,
  topic: 'summary',
  message: 'Received {{ .Count }} events in the last {{.Interval}}.',
};
const empty: AggregateBucket = { since: '0', events: [] };

describe('an aggregate', () => {
  it('makes one event of all events of an interval', () => {
    const bucket = collectAggregate(
      options,
      empty,
      [
        anEvent({
          eventId: 'e1',
          message: 'one',
          level: 'WARNING',
          time: '5',
          duration: '7',
          dataJson: '{"series":[{"name":"a"}]}',
        }),
        anEvent({
          eventId: 'e2',
          message: 'two',
          level: 'INFO',
          time: '9',
          duration: '3',
          dataJson: '{"series":[{"name":"b"}]}',
        }),
      ],
      3n * SECOND,
    );
    expect(aggregateDue(options, bucket)).toBe(10n * SECOND);
    expect(flushAggregate(options, bucket, 9n * SECOND)).toBeUndefined();
    expect(flushAggregate(options, bucket, 10n * SECOND)).toEqual({
      bucket: { since: (10n * SECOND).toString(), events: [] },
      event: {
        eventId: 'e1/aggregate/summary/all',
        topic: 'summary',
        id: 'all',
        message: 'Received 2 events in the last 10s.',
        details: 'one\ntwo',
        time: '9',
        duration: '7',
        level: 'WARNING',
        recoverable: false,
        name: '',
        taskName: '',
        group: '',
        tags: {},
        fields: {},
        dataJson: '{"series":[{"name":"a"},{"name":"b"}]}',
      },
    });
  });

  it('is OK only when all of its events are', () => {
    const flush = (...levels: ('OK' | 'CRITICAL')[]) =>
      flushAggregate(
        options,
        collectAggregate(
          options,
          empty,
          levels.map((level) => anEvent({ level })),
          0n,
        ),
        10n * SECOND,
      );
    expect(flush('OK', 'OK')!.event.level).toBe('OK');
    expect(flush('OK', 'CRITICAL')!.event.level).toBe('CRITICAL');
  });

  it('counts its intervals from the one in which the first event came', () => {
    const bucket = collectAggregate(options, empty, [anEvent({})], 25n * SECOND);
    expect(aggregateDue(options, bucket)).toBe(30n * SECOND);
  });

  it('has nothing to flush without events', () => {
    expect(aggregateDue(options, empty)).toBeUndefined();
    expect(flushAggregate(options, empty, 100n * SECOND)).toBeUndefined();
  });

  it('passes on early what would fill the memory', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => anEvent({ eventId: `e${i}` }));
    const flushed = flushAggregate(options, collectAggregate(options, empty, many, 0n), 1n);
    expect(flushed!.bucket).toEqual({ since: '0', events: [] });
    expect(flushed!.event.message).toBe('Received 10000 events in the last 10s.');
  });
});
