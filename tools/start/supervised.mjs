import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { removePid, sendSignal, writePid } from './processes.mjs';
import { say } from './say.mjs';

const firstPause = 100;
const longestPause = 5000;
/** Whoever ran this long starts anew with short pauses. */
const healthyAfter = 10_000;
/** How often one that must wait looks whether it may start. */
const lookEvery = 1000;

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {string} command
 * @property {string[]} args
 * @property {import('node:child_process').SpawnOptions} options
 * @property {string} pidFile
 * @property {NodeJS.Signals} stopSignal the one that makes it end in good order
 * @property {() => string | undefined} [mustWait] why it should not be started again now
 * @property {(child: import('node:child_process').ChildProcess) => void} [onSpawn]
 */

/** All that were started and not stopped. @type {Set<Supervised>} */
export const supervised = new Set();

/**
 * A process that is started again, after a pause that grows, whenever it ends unasked. Nothing that goes wrong in this
 * makes the supervisor give up, and each change of its state is one line.
 */
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
    /** What was said of it last; undefined: it runs well. @type {string | undefined} */
    this.trouble = undefined;
    this.healthTimer = undefined;
  }

  get name() {
    return this.program.name;
  }

  start() {
    supervised.add(this);
    const { command, args, options, pidFile, onSpawn } = this.program;
    const startedAt = Date.now();
    let child;
    try {
      // A process group of its own: Ctrl-C reaches the supervisor alone, which then stops all in order.
      child = spawn(command, args, { detached: true, ...options });
    } catch (error) {
      return this.ended(error.message, startedAt);
    }
    this.child = child;
    let gone = false;
    const ended = (how) => {
      if (gone) return;
      gone = true;
      this.child = undefined;
      this.ended(how, startedAt);
    };
    child.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
    // More than one may come: a child whose channel closes reports that here, too.
    child.on('error', (error) => {
      if (child.pid === undefined) ended(error.message);
    });
    if (child.pid !== undefined) attempt(() => writePid(pidFile, child.pid));
    onSpawn?.(child);
    this.healthTimer = setTimeout(() => this.recovered(), healthyAfter).unref();
  }

  /**
   * @param {string} how
   * @param {number} startedAt
   */
  ended(how, startedAt) {
    clearTimeout(this.healthTimer);
    this.ends++;
    this.lastEnd = how;
    attempt(() => removePid(this.program.pidFile));
    if (this.stopping) return;
    if (Date.now() - startedAt > healthyAfter) this.pause = firstPause;
    this.report(`ended (${how}), starting it again`);
    this.startAfter(this.pause);
    this.pause = Math.min(this.pause * 2, longestPause);
  }

  /** @param {number} pause */
  startAfter(pause) {
    this.timer = setTimeout(() => {
      const reason = this.program.mustWait?.();
      if (reason === undefined) return this.start();
      this.report(`waits: ${reason}`);
      this.startAfter(lookEvery);
    }, pause);
  }

  /** @param {string} trouble */
  report(trouble) {
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    say(`supercap: ${this.name} ${trouble}`);
  }

  recovered() {
    if (this.trouble === undefined || this.child === undefined) return;
    this.trouble = undefined;
    say(`supercap: ${this.name} runs again`);
  }

  /**
   * Ends the process and does not start it again.
   * @param {number} patience milliseconds until SIGKILL
   */
  async stop(patience) {
    this.stopping = true;
    this.clearTimers();
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
    this.clearTimers();
    if (this.child?.pid !== undefined) sendSignal(this.child.pid, 'SIGKILL');
  }

  clearTimers() {
    clearTimeout(this.timer);
    clearTimeout(this.healthTimer);
  }
}

/**
 * A pid file that cannot be written, on a full disk, is missed by nobody who runs.
 * @param {() => void} work
 */
function attempt(work) {
  try {
    work();
  } catch (error) {
    say(`supercap: ${error.message}`);
  }
}
