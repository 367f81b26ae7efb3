import { decodePipeline, encodePipeline } from './codec';
import { compileScript } from './compile';
import { complete } from './completion';
import { diagnose } from './diagnostics';
import { dot } from './dot';
import { ScriptError } from './errors';
import { legacyDot } from './legacy-dot';
import { toPipelineJson } from './pipeline-json';
import { testCatalog } from './testing/test-catalog';

type Random = (below: number) => number;

/** A small generator with a seed (mulberry32), so that a failing input can be made again. */
function randomSource(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

// prettier-ignore
const METHODS = [
  'from', 'From', 'query', 'window', 'where', 'eval', 'groupBy', 'sample', 'derivative', 'stats', 'deadman', 'join', 'union',
  'alert', 'httpOut', 'influxDBOut', 'mean', 'measurement', 'truncate', 'period', 'every', 'align', 'as', 'unit', 'quiet', 'id',
  'crit', 'slack', 'channel', 'log', 'mode', 'stateChangesOnly', 'mapReduce', 'tTest', 'field', 'constructor', '__proto__', 'toString',
];
// prettier-ignore
const VALUES = [
  "'m'", "''", '5', '0', '1.5', '10s', 'TRUE', '"ref"', '/re/', '*', "['a', b]", '[*]', '[]', 'lambda: "v" > a', 'lambda: TRUE', 'lambda: b',
  'a', 'b', 'c', 'stream', 'batch', 'time', 'influxql', 'time(10s)', 'time(1s, 2s)', 'f(1)', "influxql.mean('v')", '1 + 2', "'a' + b",
  '1 / 0', '-a', '!TRUE', '"v" > 1', 'a.period', 'stream|from()', '10s * 1.5', '9223372036854775807 + 1', 'constructor', '__proto__',
];

// prettier-ignore
const SOUND = [
  '|from()', ".measurement('m')", '|window()', '.period(10s)', '|where(lambda: TRUE)', "|eval(lambda: 1).as('x')", '|groupBy(*)', '|sample(2)',
  "|derivative('v')", '|stats(10s)', '|deadman(1.0, 10s)', '|join(stream|from())', '|union(a)', '|alert()', '.slack()', ".log('/x')",
  '.crit(lambda: "v" > a)', "|httpOut('x')", '|influxDBOut()', "|mean('v')", '@tTest()', ".field('f')", '.quiet()', "|query('q')",
];

function randomScript(random: Random): string {
  const pick = <T>(items: readonly T[]) => items[random(items.length)]!;
  const call = () => `${pick(METHODS)}(${Array.from({ length: random(4) }, () => pick(VALUES)).join(', ')})`;
  const chain = () => {
    const head = random(3) === 0 ? pick(['a', 'b', 'c', 'batch']) : 'stream|from()';
    const wild = random(4) === 0 ? 3 : 40;
    const link = () => (random(wild) === 0 ? pick(['|', '.', '@', '|', '.']) + call() : pick(SOUND));
    return head + Array.from({ length: random(8) }, link).join('');
  };
  const statement = () => {
    switch (random(6)) {
      case 0:
        return `var ${pick(['a', 'b', 'c', 'stream', 'time'])} = ${random(2) === 0 ? pick(VALUES) : chain()}`;
      case 1:
        return `var ${pick(['a', 'b', 'c'])} ${pick(['int', 'string', 'lambda', 'list', 'x'])}`;
      case 2:
        return pick(['dbrp "a"."b"', 'stream', 'f(1)', '// note', pick(VALUES)]);
      default:
        return chain();
    }
  };
  const text = Array.from({ length: 1 + random(4) }, statement).join('\n');
  if (random(6) > 0) return text;
  const at = random(text.length + 1);
  return text.slice(0, at) + pick(VALUES) + text.slice(at + random(5));
}

const udfs = [{ name: 'tTest', wants: 'stream', provides: 'stream', options: { field: ['STRING'] } }] as const;
const vars = {
  b: { type: 'string', value: 'x', description: '' },
  c: { type: 'int', value: 1n, description: '' },
} as const;

/** A script is compiled or refused with a ScriptError, and everything made of it works. */
function tryScript(script: string, random: Random): void {
  const shared = { script, catalog: testCatalog, udfs, ...(random(2) === 0 && { vars }), template: random(2) === 0 };
  for (const input of [
    { ...shared, dialect: 'v1' },
    { ...shared, dialect: '2016', taskType: random(2) === 0 ? 'stream' : 'batch' },
  ] as const) {
    try {
      const { pipeline } = compileScript(input);
      const encoded = encodePipeline(pipeline);
      if (encodePipeline(decodePipeline(encoded)) !== encoded)
        throw new Error('the pipeline does not come back as it was');
      dot(pipeline, 't');
      legacyDot(pipeline, 't', testCatalog);
      JSON.parse(toPipelineJson(pipeline, testCatalog));
      diagnose(input);
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      if (!diagnose(input).some(({ severity }) => severity === 'error'))
        throw new Error(`is refused without a diagnostic`, { cause: error });
    }
  }
  complete(script, random(script.length + 1), testCatalog, udfs);
}

export const fuzz = {
  name: 'script evaluator',
  run(inputs: number, seed: number): void {
    const random = randomSource(seed);
    for (let i = 0; i < inputs; i++) {
      const script = randomScript(random);
      try {
        tryScript(script, random);
      } catch (error) {
        throw new Error(`input ${i} of seed ${seed} fails: ${JSON.stringify(script)}`, { cause: error });
      }
    }
  },
};
