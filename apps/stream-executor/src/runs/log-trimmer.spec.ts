import { compareOffsets } from '@supercap/point-log';
import type { LogHolder } from '@supercap/storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { LogTrimmer } from './log-trimmer';

const quiet = { debug() {}, info() {}, warn() {}, error() {} } as never;
const ENTRY = 10;

describe('the write log', () => {
  /** Offsets 1-0 to 20-0, ten bytes each. */
  let first: number;
  let holders: LogHolder[];
  let noted: string | undefined;

  beforeEach(() => {
    first = 1;
    holders = [];
    noted = undefined;
  });

  const trim = (limits = { logBytes: 160, recordingLagBytes: 70 }) => {
    const trimmer = new LogTrimmer(
      {
        oldestHolder: async () => holders.toSorted((a, b) => compareOffsets(a.place, b.place))[0],
        letGo: async (id, place) => {
          const before = holders.length;
          holders = holders.filter((one) => one.id !== id || one.place !== place);
          return holders.length < before;
        },
      },
      {
        tail: async () => '20-0',
        trim: async (offset) => {
          first = Math.max(first, Number.parseInt(offset));
          return 0;
        },
        size: async () => ({ bytes: (21 - first) * ENTRY, entries: 21 - first }),
        noteHolder: async (holder) => void (noted = holder),
      },
      limits,
      quiet,
    );
    return trimmer.trim();
  };
  const hold = (kind: LogHolder['kind'], id: string, place: number) => {
    holders.push({ kind, id, place: `${place}-0` });
  };

  it('is trimmed to its tail when nobody needs it', async () => {
    await trim();
    expect(first).toBe(20);
  });

  it('is kept for a task, however much that is, and names it', async () => {
    hold('task', 'slow', 2);
    hold('recording', 'r', 19);
    await trim();
    expect(first).toBe(2);
    expect(noted).toBe('task slow');
    expect(holders.length).toBe(2);
  });

  it('is kept for a recording up to the bound', async () => {
    hold('recording', 'r', 14);
    await trim();
    expect(first).toBe(14);
    expect(holders.length).toBe(1);
    expect(noted).toBeUndefined();
  });

  it('is not kept for a recording beyond the bound, and each has that bound', async () => {
    hold('recording', 'far', 2);
    hold('recording', 'farther', 1);
    hold('recording', 'near', 15);
    await trim();
    expect(holders.map(({ id }) => id)).toEqual(['near']);
    expect(first).toBe(15);
  });

  it('is never kept by half for a recording', async () => {
    hold('recording', 'r', 11);
    await trim({ logBytes: 160, recordingLagBytes: 1000 });
    expect(holders).toEqual([]);
  });

  it('is kept for a recording that does not know its place yet', async () => {
    hold('recording', 'new', 0);
    await trim();
    expect(holders.length).toBe(1);
    expect(first).toBe(1);
  });
});
