// Asks the service of this container whether it is ready: exit code 0 or 1. Speaks gRPC's health protocol with Node alone.
import http from 'node:http';
import http2 from 'node:http2';

const app = process.env.SUPERCAP_APP ?? 'api-gateway';
const patience = 4000;
/** @param {boolean} ready */
const finish = (ready) => process.exit(ready ? 0 : 1);
setTimeout(finish, patience, false);

if (app === 'api-gateway') {
  http
    .get({ port: process.env.SUPERCAP_PORT || 9092, path: '/health/ready' }, (answer) =>
      finish(answer.statusCode === 204),
    )
    .on('error', () => finish(false));
} else {
  const ports = { 'task-registry': 9193, 'tickscript-compiler': 9194, 'stream-executor': 9195, recorder: 9196 };
  const address = process.env[`SUPERCAP_${app.toUpperCase().replaceAll('-', '_')}_URL`] || `:${ports[app]}`;
  const session = http2.connect(`http://127.0.0.1:${address.slice(address.lastIndexOf(':') + 1)}`);
  session.on('error', () => finish(false));
  const call = session.request({
    ':method': 'POST',
    ':path': '/grpc.health.v1.Health/Check',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  /** @type {Buffer[]} */
  const parts = [];
  call.on('data', (part) => parts.push(part));
  call.on('error', () => finish(false));
  // A message is a flag, four bytes of length, and here field 1 with the status: 1 is SERVING.
  call.on('end', () =>
    finish(
      Buffer.concat(parts)
        .subarray(5)
        .equals(Buffer.from([8, 1])),
    ),
  );
  call.end(Buffer.alloc(5));
}
