// What compiling a long script costs: `npm run bench -- libs/pipeline/src/compile.bench.ts`.
import { compileScript } from './compile';
import { testCatalog } from './testing/test-catalog';

const stanza = (i: number) => `// Number ${i}
var limit${i} = ${i} * 2
var name${i} = 'cpu' + '${i}'
var data${i} = stream
    |from()
        .measurement(name${i})
        .where(lambda: "host" == 'a${i}')
        .groupBy('host', 'cpu')
    |window()
        .period(10s)
        .every(10s)
    |mean('value')
        .as('value')
    |eval(lambda: "value" * 2.0 + float(limit${i}))
        .as('double')
    |alert()
        .crit(lambda: "double" > limit${i} AND "host" != 'x')
        .log('/tmp/x${i}')
        .slack()
`;

/** Milliseconds that a script of 500 lines takes to compile, the best of some rounds. */
function bench(rounds = 20): number {
  const script = Array.from({ length: 25 }, (_, i) => stanza(i)).join('\n');
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint();
    compileScript({ script, dialect: 'v1', catalog: testCatalog });
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e6);
  }
  return best;
}

process.stdout.write(`${bench().toFixed(1)} ms for a script of 500 lines\n`);
