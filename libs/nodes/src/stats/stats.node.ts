import { groupNamed, Layout, MILLISECOND, nilGroup, Point, roundTime, truncateTime } from '@supercap/data-model';
import { arg, defineNode, property, StartError } from '@supercap/pipeline';

const layout = Layout.of(['emitted']);

/** However short the interval: more often would leave nothing for other tasks. */
const LEAST_PAUSE = 10n * MILLISECOND;
/** It rests so many times as long as it took to emit. */
const REST = 4n;

export const stats = defineNode({
  name: 'stats',
  goType: '*pipeline.StatsNode',
  summary: 'Emit, at every interval of wall-clock time, how many points a node has sent in each of its groups.',
  edge: { wants: 'any', provides: 'stream' },
  args: {
    interval: arg('duration', 'How often to emit.'),
  },
  properties: {
    align: property.flag('Emit at multiples of the interval, with times rounded to it.'),
  },
  runtime: {
    kind: 'receiver',
    create({ options: { interval, align }, clock, out, watched }) {
      if (interval <= 0n) throw new StartError('stats node must have positive interval');

      const emit = () => {
        const now = clock.now();
        const time = align ? roundTime(now, interval) : now;
        let any = false;
        for (const [group, emitted] of watched?.emitted() ?? []) {
          any = true;
          out.send(new Point('stats', '', '', groupNamed(group, 'stats'), group.tags, layout, [BigInt(emitted)], time));
        }
        if (!any) out.send(new Point('stats', '', '', nilGroup, nilGroup.tags, layout, [0n], time));
      };

      let due = align ? truncateTime(clock.now(), interval) + interval : clock.now() + interval;
      const wait = () => {
        clock.after(due - clock.now(), () => {
          const began = clock.now();
          emit();
          const now = clock.now();
          const rest = REST * (now - began);
          // Ticks that were missed while the process was busy, or that it has no time for, are not made up for.
          const earliest = now + (rest > LEAST_PAUSE ? rest : LEAST_PAUSE);
          due += interval;
          if (due < earliest) due += interval * ((earliest - due + interval - 1n) / interval);
          wait();
        });
      };
      wait();
      // It is a root of its own: nothing arrives.
      return {};
    },
  },
});
