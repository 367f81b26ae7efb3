import { FakePorts } from '@supercap/dataflow/testing';

/** A chain for every node that can run in memory, with every property that keeps something from point to point. */
export const chains: Readonly<Record<string, readonly string[]>> = {
  alert: [
    `|alert().crit(lambda: "v" > 5.0).warn(lambda: "v" > 3.0).critReset(lambda: "v" < 2.0).topic('t')`,
    `|alert().crit(lambda: "v" > 5.0).stateChangesOnly(20s).topic('t').levelField('level')`,
    `|alert().crit(lambda: "v" > 5.0).flapping(0.25, 0.5).history(5).topic('t')`,
    `|alert().crit(lambda: count() > 3).inhibit('c', 'h').category('d').noRecoveries().topic('t')`,
  ],
  barrier: ['|barrier().idle(10s)'],
  bottom: [`|window().period(10s).every(10s)|bottom(2, 'v')`],
  changeDetect: [`|changeDetect('b')`],
  combine: [`|combine(lambda: "b", lambda: TRUE).as('x', 'y').tolerance(5s)`],
  count: [`|count('v')`, `|window().periodCount(3).everyCount(2)|count('v')`],
  cumulativeSum: [`|cumulativeSum('v')`],
  default: [`|default().field('w', 1.0).tag('z', 'q')`],
  delete: [`|delete().field('b').tag('g')`],
  derivative: [`|derivative('v').unit(2s).nonNegative()`],
  difference: [`|difference('v')`],
  distinct: [`|distinct('v')`],
  elapsed: [`|elapsed('v', 1s)`],
  eval: [`|eval(lambda: sigma("v"), lambda: count(), lambda: spread("v")).as('s', 'n', 'r').keep()`],
  first: [`|first('v')`],
  flatten: [`|flatten().on('g').tolerance(4s)`],
  from: [],
  groupBy: [`|groupBy('g')|count('v')`, `|window().period(10s).every(10s)|groupBy('g')`],
  holtWinters: [`|window().period(20s).every(20s)|holtWinters('v', 2, 0, 5s)`],
  holtWintersWithFit: [`|window().period(20s).every(20s)|holtWintersWithFit('v', 2, 0, 5s)`],
  httpOut: [`|httpOut('x')`],
  httpPost: [`|httpPost('http://127.0.0.1:1/x')`],
  influxDBOut: [`|influxDBOut().database('d').retentionPolicy('r').buffer(4)`],
  join: [
    `|join(stream|from().measurement('m').groupBy('h')|eval(lambda: "v" * 2.0).as('w')).as('a', 'b').tolerance(2s)`,
    `|join(stream|from().measurement('m').groupBy('h', 'g')).as('a', 'b').on('h').fill('null')`,
  ],
  kapacitorLoopback: [`|kapacitorLoopback().database('other').retentionPolicy('r')`],
  last: [`|last('v')`],
  log: ['|log()'],
  max: [`|max('v').usePointTimes()`],
  mean: [`|mean('v')`],
  median: [`|median('v')`],
  min: [`|min('v')`],
  mode: [`|mode('v')`],
  movingAverage: [`|movingAverage('v', 3)`],
  percentile: [`|window().period(10s).every(5s)|percentile('v', 50.0)`],
  sample: ['|sample(3)', '|sample(4s)'],
  shift: ['|shift(-5s)'],
  sideload: [`|sideload().source('file:///side').order('{{.h}}').field('w', 0.5)`],
  spread: [`|spread('v')`],
  stateCount: [`|stateCount(lambda: "v" > 3.0)`],
  stateDuration: [`|stateDuration(lambda: "v" > 3.0 AND count() > 0)`],
  stats: ['|stats(1000s)'],
  stddev: [`|stddev('v')`],
  sum: [`|sum('v')`],
  top: [`|window().period(10s).every(10s)|top(2, 'v')`],
  trickle: ['|window().period(10s).every(5s)|trickle()'],
  union: [`|union(stream|from().measurement('m').groupBy('h')|shift(3s))`],
  where: [`|where(lambda: count() % 2 == 0)`],
  window: [
    '|window().period(10s).every(10s)',
    '|window().period(10s).every(5s).align().fillPeriod()',
    '|window().period(8s)',
    '|window().periodCount(3).everyCount(2).fillPeriod()',
  ],
};

/** What the chains need from outside. */
export function ports(): FakePorts {
  const fake = new FakePorts();
  fake.folders.set('/side', new Map([['a.yml', 'w: 2.5']]));
  return fake;
}
