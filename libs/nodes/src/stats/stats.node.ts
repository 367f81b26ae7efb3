import { groupNamed, Layout, nilGroup, Point, roundTime, truncateTime } from '@supercap/data-model';
import { arg, defineNode, property, StartError } from '@supercap/pipeline';

const layout = Layout.of(['emitted']);

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
          emit();
          // Ticks that were missed while the process was busy are not made up for.
          const late = clock.now() - due;
          due += interval * (late < 0n ? 1n : late / interval + 1n);
          wait();
        });
      };
      wait();
      // It is a root of its own: nothing arrives.
      return {};
    },
  },
});
