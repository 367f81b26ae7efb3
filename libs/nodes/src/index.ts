import type { NodeDefinition } from '@supercap/pipeline';
import { alert } from './alert/alert.node';
import { barrier } from './barrier/barrier.node';
import { changeDetect } from './change-detect/change-detect.node';
import { combine } from './combine/combine.node';
import { defaultNode } from './default/default.node';
import { deleteNode } from './delete/delete.node';
import { derivative } from './derivative/derivative.node';
import { evalNode } from './eval/eval.node';
import { flatten } from './flatten/flatten.node';
import { from } from './from/from.node';
import { groupBy } from './group-by/group-by.node';
import { log } from './log/log.node';
import { sample } from './sample/sample.node';
import { shift } from './shift/shift.node';
import { sideload } from './sideload/sideload.node';
import { stateCount } from './state-count/state-count.node';
import { stateDuration } from './state-duration/state-duration.node';
import { trickle } from './trickle/trickle.node';
import { where } from './where/where.node';
import { window } from './window/window.node';

export { type SourceFilter, sourceFilter } from './from/from.node';

/** Every node there is, sorted by name. */
export const nodeDefinitions: readonly NodeDefinition[] = [
  alert,
  barrier,
  changeDetect,
  combine,
  defaultNode,
  deleteNode,
  derivative,
  evalNode,
  flatten,
  from,
  groupBy,
  log,
  sample,
  shift,
  sideload,
  stateCount,
  stateDuration,
  trickle,
  where,
  window,
];
