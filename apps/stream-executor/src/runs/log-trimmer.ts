import { compareOffsets, LOG_START, type PointLog } from '@supercap/point-log';
import type { LogHolder, RunStore } from '@supercap/storage';
import type { Logger } from '@supercap/telemetry';

const WARNING_PAUSE_MS = 30_000;
const LONG_MS = 120_000;

export interface TrimmerLimits {
  readonly logBytes: number;
  /** So much of the log is kept for recordings. */
  readonly recordingLagBytes: number;
}

/**
 * Removes from the log what nobody needs. Tasks hold it until writes are refused; a recording never does: one that would
 * hold more than its bound is let go. Who holds much is noted beside the log, so that refusals can say so.
 */
export class LogTrimmer {
  private readonly recordingLagBytes: number;
  private lastWarning = 0;

  constructor(
    private readonly runs: Pick<RunStore, 'oldestHolder' | 'letGo'>,
    private readonly log: Pick<PointLog, 'tail' | 'trim' | 'size' | 'noteHolder'>,
    private readonly limits: TrimmerLimits,
    private readonly logger: Logger,
  ) {
    this.recordingLagBytes = Math.min(limits.recordingLagBytes, limits.logBytes / 2);
  }

  async trim(): Promise<void> {
    // The tail is read first: a run that is enabled meanwhile begins there or later.
    const tail = await this.log.tail();
    for (;;) {
      const holder = await this.runs.oldestHolder(compareOffsets);
      const isBehind = holder !== undefined && compareOffsets(holder.place, tail) < 0;
      await this.log.trim(isBehind ? holder.place : tail);
      // What is left is what the holder holds.
      const { bytes } = await this.log.size();
      if (!isBehind) return this.log.noteHolder(undefined);
      // One that does not know its place yet has it in a moment.
      const mayLetGo = holder.kind === 'recording' && holder.place !== LOG_START;
      if (!mayLetGo || bytes <= this.recordingLagBytes) return this.note(holder, tail, bytes);
      if (await this.runs.letGo(holder.id, holder.place)) {
        this.logger.warn(
          { recording: holder.id, bytes, limit: this.recordingLagBytes },
          'a recording is too far behind: the write log is not kept for it any more',
        );
      }
    }
  }

  private async note(holder: LogHolder, tail: string, bytes: number): Promise<void> {
    const lag = holder.place === LOG_START ? 0 : millisecondsOf(tail) - millisecondsOf(holder.place);
    const holdsMuch = bytes > this.limits.logBytes / 2;
    await this.log.noteHolder(holdsMuch ? `${holder.kind} ${holder.id}` : undefined);
    if ((lag <= LONG_MS && !holdsMuch) || Date.now() - this.lastWarning <= WARNING_PAUSE_MS) return;
    this.lastWarning = Date.now();
    this.logger.warn(
      { [holder.kind]: holder.id, from: holder.place, tail, bytes },
      `a ${holder.kind} holds a long stretch of the write log`,
    );
  }
}

const millisecondsOf = (offset: string) => Number(offset.split('-')[0]);
