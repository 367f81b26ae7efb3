import type { NodeDefinition } from '@supercap/pipeline';
import { alert } from './alert/alert.node';
import { barrier } from './barrier/barrier.node';
import { changeDetect } from './change-detect/change-detect.node';
import { combine } from './combine/combine.node';
import { defaultNode } from './default/default.node';
import { deleteNode } from './delete/delete.node';
import { derivative } from './derivative/derivative.node';
import { ec2Autoscale } from './ec2-autoscale/ec2-autoscale.node';
import { evalNode } from './eval/eval.node';
import { flatten } from './flatten/flatten.node';
import { from } from './from/from.node';
import { groupBy } from './group-by/group-by.node';
import { httpOut } from './http-out/http-out.node';
import { httpPost } from './http-post/http-post.node';
import { influxDBOut } from './influxdb-out/influxdb-out.node';
import {
  bottom,
  count,
  cumulativeSum,
  difference,
  distinct,
  elapsed,
  first,
  holtWinters,
  holtWintersWithFit,
  last,
  max,
  mean,
  median,
  min,
  mode,
  movingAverage,
  percentile,
  spread,
  stddev,
  sum,
  top,
} from './influxql';
import { join } from './join/join.node';
import { k8sAutoscale } from './k8s-autoscale/k8s-autoscale.node';
import { kapacitorLoopback } from './kapacitor-loopback/kapacitor-loopback.node';
import { log } from './log/log.node';
import { queryFlux } from './query-flux/query-flux.node';
import { query } from './query/query.node';
import { sample } from './sample/sample.node';
import { shift } from './shift/shift.node';
import { sideload } from './sideload/sideload.node';
import { stateCount } from './state-count/state-count.node';
import { stateDuration } from './state-duration/state-duration.node';
import { stats } from './stats/stats.node';
import { swarmAutoscale } from './swarm-autoscale/swarm-autoscale.node';
import { trickle } from './trickle/trickle.node';
import { union } from './union/union.node';
import { where } from './where/where.node';
import { window } from './window/window.node';

export { shortcutsOf, sourceFilters } from './from/sources';
export { BatchQuery, batchQueriesOf, type QueryOptions } from './query/batch-query';

/** Every node there is, sorted by name. */
export const nodeDefinitions: readonly NodeDefinition[] = [
  alert,
  barrier,
  bottom,
  changeDetect,
  combine,
  count,
  cumulativeSum,
  defaultNode,
  deleteNode,
  derivative,
  difference,
  distinct,
  ec2Autoscale,
  elapsed,
  evalNode,
  first,
  flatten,
  from,
  groupBy,
  holtWinters,
  holtWintersWithFit,
  httpOut,
  httpPost,
  influxDBOut,
  join,
  k8sAutoscale,
  kapacitorLoopback,
  last,
  log,
  max,
  mean,
  median,
  min,
  mode,
  movingAverage,
  percentile,
  query,
  queryFlux,
  sample,
  shift,
  sideload,
  spread,
  stateCount,
  stateDuration,
  stats,
  stddev,
  sum,
  swarmAutoscale,
  top,
  trickle,
  union,
  where,
  window,
];
