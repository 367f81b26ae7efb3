import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './harness';

export interface RunnerResult {
  readonly passed: number;
  readonly failed: number;
  /** What the runner printed. */
  readonly output: string;
}

/** Runs a runner of recorded behaviour to its end and reads its last line, `N passed, N failed`. */
export async function runRecorded(script: string, args: readonly string[]): Promise<RunnerResult> {
  const child = spawn(process.execPath, [join(root, 'e2e', script), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
  const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(output.trim().split('\n').at(-1) ?? '') ?? [];
  if (passed === undefined || failed === undefined) throw new Error(`${script} did not end as it should:\n${output}`);
  return { passed: Number(passed), failed: Number(failed), output };
}
