import { MILLISECOND } from '@supercap/data-model';
import { type NodeRuntime, StartError, type TaskInfo } from '@supercap/pipeline';

/**
 * The runtime of a batch source. A replay hands it the batches that it passes on; in a live task it says what is wrong
 * with it: without an InfluxDB the task starts and fails at once, and with one it cannot be run.
 */
export function scheduleRuntime<O extends { readonly cluster: string }>(
  check: (options: O, task: TaskInfo) => void,
): NodeRuntime<O, undefined, undefined> {
  return {
    kind: 'receiver',
    create({ options, task, ports, clock, nodeName }) {
      check(options, task);
      if (task.master !== LIVE) return {};
      try {
        ports.influx.require(options.cluster);
      } catch (error) {
        if (!(error instanceof StartError)) throw error;
        // After the start has been answered, and in the words that clients know: without the name of the node.
        clock.after(SOON, () => {
          throw new Error('InfluxDB not configured, cannot query InfluxDB for batch query');
        });
        return {};
      }
      throw new StartError(
        `${nodeName}: running batch tasks is not part of this version, only recording and replaying them`,
      );
    },
  };
}

const LIVE = 'main';
const SOON = 100n * MILLISECOND;
