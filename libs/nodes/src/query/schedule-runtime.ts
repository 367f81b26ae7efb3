import { type NodeRuntime, StartError } from '@supercap/pipeline';

export interface ScheduleOptions {
  readonly every: bigint;
  readonly cron: string;
  readonly cluster: string;
}

/** What is wrong with a schedule. */
function checkSchedule({ every, cron }: ScheduleOptions): string | undefined {
  if (every !== 0n && cron !== '') return "must not set both 'every' and 'cron' properties";
  if (every < 0n) return "'every' duration must must non-negative";
  if (every === 0n && cron === '') return "must define one of 'every' or 'cron'";
  if (cron !== '' && !cron.startsWith('@') && cron.trim().split(/\s+/).length < 5) return 'missing field(s)';
  return undefined;
}

/**
 * What starting a batch source says today: everything that is wrong with it; without an InfluxDB the task starts and
 * fails at once; and with one, that it cannot be run.
 */
export function scheduleRuntime<O extends ScheduleOptions>(
  check: (options: O) => string | undefined,
): NodeRuntime<O, undefined, undefined> {
  return {
    kind: 'receiver',
    create({ options, ports, clock, fail, nodeName }) {
      const problem = check(options) ?? checkSchedule(options);
      if (problem !== undefined) throw new StartError(problem);
      try {
        ports.influx.require(options.cluster);
      } catch (error) {
        if (!(error instanceof StartError)) throw error;
        clock.after(0n, () => fail('InfluxDB not configured, cannot query InfluxDB for batch query'));
        return {};
      }
      throw new StartError(`${nodeName}: batch queries cannot run in this version`);
    },
  };
}
