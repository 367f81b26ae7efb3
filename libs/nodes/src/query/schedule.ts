import { roundTime, type Time } from '@supercap/data-model';
import { StartError } from '@supercap/pipeline';
import { Cron } from 'croner';

const MILLISECOND = 1_000_000n;

export interface ScheduleOptions {
  /** Nanoseconds. */
  readonly every: bigint;
  readonly cron: string;
  readonly align: boolean;
  readonly offset: bigint;
}

/** When a batch source queries. */
export class Schedule {
  private constructor(
    private readonly options: ScheduleOptions,
    private readonly cron: Cron | undefined,
  ) {}

  /** Throws StartError. */
  static of(options: ScheduleOptions): Schedule {
    const { every, cron } = options;
    if (every !== 0n && cron !== '') throw new StartError("must not set both 'every' and 'cron' properties");
    if (every < 0n) throw new StartError("'every' duration must must non-negative");
    if (every === 0n && cron === '') throw new StartError("must define one of 'every' or 'cron'");
    return new Schedule(options, cron === '' ? undefined : parseCron(cron));
  }

  /** The first time after this one. Undefined: there is none. */
  next(after: Time): Time | undefined {
    const { every, align } = this.options;
    if (this.cron === undefined) return align ? roundTime(after + every, every) : after + every;
    const milliseconds = after / MILLISECOND - (after % MILLISECOND < 0n ? 1n : 0n);
    const next = this.cron.nextRun(new Date(Number(milliseconds)));
    return next === null ? undefined : BigInt(next.getTime()) * MILLISECOND;
  }

  /** The times from `start` up to `stop` whose queried range is not in the future. */
  *between(start: Time, stop: Time, now: Time): Generator<Time> {
    for (let time = this.next(start); time !== undefined; time = this.next(time)) {
      if (time > stop || time - this.options.offset > now) return;
      yield time;
    }
  }
}

/** Five fields; six with the year behind them; seven with the seconds in front as well; or an alias. */
function parseCron(text: string): Cron {
  const fields = text.trim().split(/\s+/);
  const isAlias = text.startsWith('@');
  if (!isAlias && fields.length < 5) throw new StartError('missing field(s)');
  const pattern = fields.length === 5 || fields.length === 6 ? `0 ${fields.join(' ')}` : fields.join(' ');
  try {
    return new Cron(isAlias ? text : pattern, { paused: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    throw new StartError(`syntax error in cron expression ${JSON.stringify(text)}: ${reason}`);
  }
}
