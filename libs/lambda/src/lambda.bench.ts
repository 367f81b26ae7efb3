// Compares a million evaluations with the same written by hand: `npm run bench -- libs/lambda/src/lambda.bench.ts`.
import { Layout, Point, Tags, nilGroup } from '@supercap/data-model';
import { parseLambda } from '@supercap/tickscript';
import { compileLambda } from './index';

const EVALUATIONS = 1_000_000;
const ROUNDS = 7;

const layout = Layout.of(['usage_idle', 'usage_system', 'usage_user']);
const points = Array.from({ length: 1000 }, (_, i) => {
  const tags = Tags.from({ cpu: 'cpu-total', dc: `dc${i % 5}`, host: `h${i}` });
  return new Point('cpu', 'db', 'rp', nilGroup, tags, layout, [(i * 7) % 100, i % 13, (i % 29) + 0.5], 0n);
});

/** The best of several rounds, in nanoseconds an evaluation. */
function measure(evaluate: (point: Point) => unknown): number {
  let best = Infinity;
  let kept = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < EVALUATIONS; i += points.length) {
      for (const point of points) if (evaluate(point) === true) kept++;
    }
    best = Math.min(best, Number(process.hrtime.bigint() - start) / EVALUATIONS);
  }
  if (kept < 0) throw new Error('unreachable, but keeps the loop');
  return best;
}

const number = (point: Point, name: string) => point.field(name) as number;
const pattern = /^h[0-9]*7$/;

const cases: readonly (readonly [text: string, byHand: (point: Point) => unknown])[] = [
  [
    `"usage_idle" < 50.0 AND "host" =~ /^h[0-9]*7$/`,
    (point) => number(point, 'usage_idle') < 50 && pattern.test(point.tags.get('host')!),
  ],
  [
    `("usage_user" + "usage_system") * 2.0 - "usage_idle" / 3.0 + 1.0`,
    (point) => (number(point, 'usage_user') + number(point, 'usage_system')) * 2 - number(point, 'usage_idle') / 3 + 1,
  ],
  [`"usage_idle" < 50.0`, (point) => number(point, 'usage_idle') < 50],
  [`"host" == 'h7'`, (point) => point.tags.get('host') === 'h7'],
];

for (const [text, byHand] of cases) {
  const lambda = compileLambda(parseLambda(text));
  const state = lambda.newState();
  const shared = lambda.newShared();
  const hand = measure(byHand);
  const compiled = measure((point) => lambda.evaluate(point, state, shared));
  const row = [compiled.toFixed(1), 'ns, by hand', hand.toFixed(1), 'ns, ratio', (compiled / hand).toFixed(2), text];
  process.stdout.write(`${row.join(' ')}\n`);
}
