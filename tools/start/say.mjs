/** An error whose message is all that the reader needs: it is printed without a stack. */
export class PlainError extends Error {}

/** Lines for a full disk, or for a reader that is gone, are lost: no reason to take the product along. */
export function outliveOutput() {
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
}

/**
 * Progress goes to stderr, beside the logs, so that stdout carries results alone.
 * @param {string} line
 */
export function say(line) {
  try {
    process.stderr.write(`${line}\n`);
  } catch {
    // Where output goes to a file it is written at once, and a full disk is told at once.
  }
}

/**
 * Runs a command line tool: a `PlainError` becomes one sentence and exit code 1.
 * @param {() => Promise<void>} main
 */
export async function runTool(main) {
  try {
    await main();
  } catch (error) {
    say(error instanceof PlainError ? `supercap: ${error.message}` : String(error?.stack ?? error));
    process.exit(1);
  }
}
