/** An error whose message is all that the reader needs: it is printed without a stack. */
export class PlainError extends Error {}

/**
 * Progress goes to stderr, beside the logs, so that stdout carries results alone.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`);
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
