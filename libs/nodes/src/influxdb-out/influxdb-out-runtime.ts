import { HOUR, MILLISECOND, MINUTE, NANOSECOND, type Point, SECOND } from '@supercap/data-model';
import { formatName } from '@supercap/influxql';
import { formatPointAsIs } from '@supercap/line-protocol';
import type { NodeRuntime } from '@supercap/pipeline';
import { TagOverlay } from './tag-overlay';
import { type InfluxDBOutShared, WriteBuffer } from './write-buffer';

/** Points that are held while InfluxDB is slow, unless the engine says otherwise. */
const defaultLimit = 1_000_000;

interface InfluxDBOutOptions {
  readonly cluster: string;
  readonly database: string;
  readonly retentionPolicy: string;
  readonly measurement: string;
  readonly writeConsistency: string;
  readonly precision: string;
  readonly buffer: bigint;
  readonly flushInterval: bigint;
  readonly tag: readonly (readonly [key: string, value: string])[];
  readonly create: boolean;
}

/** Units of the times for each precision. Microseconds are asked for, but times stay nanoseconds, as in the original. */
const units: Readonly<Record<string, bigint>> = {
  '': NANOSECOND,
  ns: NANOSECOND,
  us: NANOSECOND,
  µs: NANOSECOND,
  ms: MILLISECOND,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
};

export const influxDBOutRuntime: NodeRuntime<InfluxDBOutOptions, InfluxDBOutShared, undefined> = {
  kind: 'receiver',
  create(context) {
    const { options, ports, report, clock } = context;
    const { cluster, database, retentionPolicy, measurement, precision } = options;
    ports.influx.require(cluster);
    const overlay = new TagOverlay(options.tag);
    const unit = Object.hasOwn(units, precision) ? units[precision] : undefined;
    const written = context.counter('points_written');
    const errors = context.counter('write_errors');

    const create = async () => {
      const policy = retentionPolicy === '' ? '' : ` WITH NAME ${formatName(retentionPolicy)}`;
      try {
        await ports.influx.query(cluster, `CREATE DATABASE ${formatName(database)}${policy}`);
      } catch (error) {
        report('failed to create database', error instanceof Error ? error.message : String(error), {
          database,
          cluster,
        });
      }
    };

    const buffer = new WriteBuffer({
      target: { cluster, precision, consistency: options.writeConsistency },
      size: Number(options.buffer),
      limit: context.heldBackLimit ?? defaultLimit,
      port: ports.influx,
      ready: options.create ? create() : Promise.resolve(),
      buffers: () => context.shared,
      written: (points) => written.add(points),
      failed(cause) {
        errors.add();
        report('failed to write points to InfluxDB', cause);
      },
      dropped(points) {
        errors.add();
        report('failed to write points to InfluxDB', `too many points wait for it: dropped ${points}`);
      },
    });

    if (unit === undefined) {
      const refuse = () => {
        report('failed to write points to InfluxDB', `time: unknown unit "${precision}" in duration "1${precision}"`);
        return undefined;
      };
      return { point: refuse, batch: refuse, finish: () => buffer.flush() };
    }

    const lineOf = ({ layout, values, tags, time }: Point, name: string) =>
      formatPointAsIs({ name, tags: overlay.over(tags), layout, values, time: unit === 1n ? time : time / unit });

    if (options.flushInterval > 0n) {
      const tick = () => {
        void buffer.flush();
        clock.after(options.flushInterval, tick);
      };
      clock.after(options.flushInterval, tick);
    }

    return {
      point(point) {
        const line = lineOf(point, measurement === '' ? point.name : measurement);
        buffer.add(database === '' ? point.db : database, retentionPolicy === '' ? point.rp : retentionPolicy, [line]);
        return undefined;
      },
      batch(batch) {
        const name = measurement === '' ? batch.name : measurement;
        buffer.add(
          database,
          retentionPolicy,
          batch.points.map((point) => lineOf(point, name)),
        );
        return undefined;
      },
      finish: () => buffer.flush(),
    };
  },
};
