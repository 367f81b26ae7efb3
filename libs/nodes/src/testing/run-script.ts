import { Batch, MILLISECOND, Point } from '@supercap/data-model';
import { startPipeline, type TestRun, type TestSetup } from '@supercap/dataflow/testing';
import { formatFields, formatPoint, PointParser } from '@supercap/line-protocol';
import { compileScript, createCatalog } from '@supercap/pipeline';
import { nodeDefinitions } from '../index';

// Script and line protocol in, text out. Times are in seconds, to be read and written by people.

export interface ScriptRun {
  readonly run: TestRun;
  /** Feeds lines of `m,tag=x field=1 <seconds>`. */
  write(lines: string): void;
  /** What came out so far: lines of points, and batches as a line with the time and one indented line for each point. */
  readonly output: string;
  /** Messages and causes of what the nodes reported. */
  readonly errors: string[];
}

const catalog = createCatalog(nodeDefinitions);

/** Starts a whole script. */
export async function startScript(script: string, setup?: TestSetup): Promise<ScriptRun> {
  const { pipeline } = compileScript({ script, dialect: 'v1', catalog });
  const run = await startPipeline(pipeline, nodeDefinitions, setup);
  const parser = new PointParser();
  return {
    run,
    write(lines) {
      const text = lines.replace(/^\s+/gm, '').replace(/ (-?[\d.]+)$/gm, (_, time) => ` ${nanoseconds(Number(time))}`);
      for (const point of parser.parse(text, { db: 'db', rp: 'rp' })) run.dataflow.feed(point);
    },
    get output() {
      return run.data().map(format).join('\n');
    },
    get errors() {
      return run.log.filter(({ level }) => level === 'error').map(({ message, fields }) => `${message}: ${fields.err}`);
    },
  };
}

/** Runs what follows `stream|from().measurement('m')` over some lines. */
export async function runChain(chain: string, input: string): Promise<ScriptRun> {
  const started = await startScript(`stream|from().measurement('m')${chain}`);
  started.write(input);
  return started;
}

/** The lines of a text, blanks around them left out. */
export function lines(text: string): string {
  return text.trim().replace(/\n\s+/g, '\n');
}

function format(message: Point | Batch): string {
  if (message instanceof Point) return formatInSeconds(message);
  const { name, group, time, points } = message;
  const tags =
    group.tags.size === 0 ? '' : `,${[...group.tags.entries()].map(([key, value]) => `${key}=${value}`).join(',')}`;
  return [`batch ${name}${tags} ${seconds(time)}`, ...points.map(formatInSeconds)].join('\n');
}

function formatInSeconds(point: Point): string {
  const line = formatPoint(point.withTime(0n));
  const body =
    line === '' ? `${point.name} ${formatFields(point.layout.names, point.values)}` : line.replace(/ 0$/, '');
  return `${body} ${seconds(point.time)}`;
}

/** Exact to the millisecond. */
function nanoseconds(time: number): bigint {
  return BigInt(Math.round(time * 1000)) * MILLISECOND;
}

function seconds(time: bigint): string {
  return String(Number(time) / 1e9);
}
