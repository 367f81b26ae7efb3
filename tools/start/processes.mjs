import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { until } from './ports.mjs';

/** @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  return !isZombie(pid);
}

/**
 * A process that ended keeps its number until its parent asks; where that parent never does, it must not count as alive.
 * @param {number} pid
 */
function isZombie(pid) {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/**
 * @param {number} pid
 * @returns {number | undefined} undefined where the system does not tell
 */
export function parentOf(pid) {
  try {
    return Number(/\) \S (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

/**
 * The command line of a running process, '' when it is gone.
 * @param {number} pid
 */
function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // No /proc here, or no such process.
  }
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

/**
 * Reads a pid file. Numbers are given out again after a while, so the process must also look like the one that is meant.
 * @param {string} file
 * @param {string} sign a part of the command line of the process that is meant
 * @returns {number | undefined} undefined when no such process runs
 */
export function runningPid(file, sign) {
  let pid;
  try {
    pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  } catch {
    return undefined;
  }
  return pid > 0 && isAlive(pid) && commandOf(pid).includes(sign) ? pid : undefined;
}

/**
 * @param {string} file
 * @param {number} pid
 */
export const writePid = (file, pid) => writeFileSync(file, `${pid}\n`);

/** @param {string} file */
export const removePid = (file) => rmSync(file, { force: true });

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
export function sendSignal(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already, which is what a signal is for.
  }
}

/**
 * Ends a process that is not a child of ours.
 * @param {number} pid
 * @param {NodeJS.Signals} signal the polite one
 * @param {number} patience milliseconds until SIGKILL
 */
export async function endProcess(pid, signal, patience) {
  sendSignal(pid, signal);
  if (await until(async () => !isAlive(pid), patience)) return;
  sendSignal(pid, 'SIGKILL');
  await until(async () => !isAlive(pid), 2000);
}

/**
 * Whether a command exists and answers without an error.
 * @param {string} command
 * @param {string[]} args
 */
export function answers(command, ...args) {
  const { error, status } = spawnSync(command, args, { stdio: 'ignore', timeout: 10_000 });
  return !error && status === 0;
}

/** Steps of a start that run now, to be ended with it. @type {Set<import('node:child_process').ChildProcess>} */
const steps = new Set();

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<{ ok: boolean, reason: string, stderr: string }>} `stderr` only where it is piped
 */
export function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, options);
    let stderr = '';
    steps.add(child);
    child.stderr?.on('data', (chunk) => (stderr += chunk));
    const end = (ok, reason) => {
      steps.delete(child);
      resolve({ ok, reason, stderr });
    };
    child.once('error', (error) => end(false, error.message));
    child.once('close', (code, signal) => end(code === 0, signal ?? `exit code ${code}`));
  });
}

/** Ends the steps that still run. */
export function endSteps() {
  for (const child of steps) child.kill('SIGTERM');
}
