import { createInterface } from 'node:readline';

const engineError = 4466;

/**
 * Answers one call after the other, each a line of JSON, until stdin ends.
 * @param {(method: string, params: unknown) => Promise<unknown>} call
 */
export function serve(call) {
  let current;
  let printed = 1e9; // ids of our own messages, far from the caller's
  let work = Promise.resolve();

  const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const sendError = (id, error) => {
    const message = String(error?.message ?? error);
    const errorCode = /^P\d{4}/.exec(error?.code ?? '')?.[0];
    send({
      id,
      error: {
        code: engineError,
        message,
        data: { is_panic: false, message, error_code: errorCode, meta: error?.meta ?? {} },
      },
    });
  };
  const fail = (error) => {
    sendError(current, error);
    process.exitCode = 1;
    setTimeout(() => process.exit(1), 50); // the answer goes out first
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);

  const answer = async ({ id, method, params }) => {
    current = id;
    try {
      const result = await call(method, params);
      if (method === 'diff' && result?.stdout != null)
        send({ id: printed++, method: 'print', params: { content: result.stdout } });
      send({ id, result });
    } catch (error) {
      sendError(id, error);
    }
  };

  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const message = parseCall(line);
    if (message) work = work.then(() => answer(message));
  });
  lines.on('close', () => work.then(() => process.exit(0)));
}

/** @param {string} line */
function parseCall(line) {
  try {
    const message = JSON.parse(line);
    return message.method ? message : undefined; // answers to what we sent have none
  } catch {
    return undefined;
  }
}
