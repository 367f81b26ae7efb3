import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { removePid, sendSignal, writePid } from './processes.mjs';
import { say } from './say.mjs';

const firstPause = 100;
const longestPause = 5000;
/** Whoever ran this long starts anew with short pauses. */
const healthyAfter = 10_000;

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {string} command
 * @property {string[]} args
 * @property {import('node:child_process').SpawnOptions} options
 * @property {string} pidFile
 * @property {NodeJS.Signals} stopSignal the one that makes it end in good order
 * @property {(child: import('node:child_process').ChildProcess) => void} [onSpawn]
 * @property {() => void} [onGone] called after every end, before a restart
 */

/** All that were started and not stopped. @type {Set<Supervised>} */
export const supervised = new Set();

/** A process that is started again, after a pause that grows, whenever it ends unasked. */
export class Supervised {
  /** @param {Program} program */
  constructor(program) {
    this.program = program;
    /** How often it ended since the start. */
    this.ends = 0;
    /** What its last end was, for messages. */
    this.lastEnd = '';
    this.stopping = false;
    this.pause = firstPause;
    this.child = undefined;
    this.timer = undefined;
  }

  get name() {
    return this.program.name;
  }

  start() {
    supervised.add(this);
    const { command, args, options, pidFile, onSpawn, onGone } = this.program;
    const startedAt = Date.now();
    // A process group of its own: Ctrl-C reaches the supervisor alone, which then stops all in order.
    const child = spawn(command, args, { detached: true, ...options });
    this.child = child;
    let gone = false;
    const ended = (how) => {
      if (gone) return;
      gone = true;
      this.child = undefined;
      this.ends++;
      this.lastEnd = how;
      removePid(pidFile);
      onGone?.();
      if (this.stopping) return;
      if (Date.now() - startedAt > healthyAfter) this.pause = firstPause;
      say(`supercap: ${this.name} ended (${how}), starting it again`);
      this.timer = setTimeout(() => this.start(), this.pause);
      this.pause = Math.min(this.pause * 2, longestPause);
    };
    child.once('error', (error) => ended(error.message));
    child.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
    if (child.pid !== undefined) writePid(pidFile, child.pid);
    onSpawn?.(child);
  }

  /**
   * Ends the process and does not start it again.
   * @param {number} patience milliseconds until SIGKILL
   */
  async stop(patience) {
    this.stopping = true;
    clearTimeout(this.timer);
    supervised.delete(this);
    const child = this.child;
    if (child?.pid === undefined) return;
    const exit = once(child, 'exit');
    sendSignal(child.pid, this.program.stopSignal);
    const kill = setTimeout(() => this.kill(), patience);
    await exit;
    clearTimeout(kill);
  }

  /** Ends the process at once. */
  kill() {
    this.stopping = true;
    clearTimeout(this.timer);
    if (this.child?.pid !== undefined) sendSignal(this.child.pid, 'SIGKILL');
  }
}
