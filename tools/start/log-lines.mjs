import { createInterface } from 'node:readline';
import { say } from './say.mjs';

const levels = new Map([
  [10, 'trace'],
  [20, 'debug'],
  [30, 'info '],
  [40, 'WARN '],
  [50, 'ERROR'],
  [60, 'FATAL'],
]);
const known = new Set(['level', 'time', 'pid', 'hostname', 'service', 'msg']);

/**
 * Writes a service's log to stderr for people: one short line for each JSON line, all else as it is.
 * @param {string} service
 * @param {import('node:stream').Readable | null} stream
 */
export function printLog(service, stream) {
  if (!stream) return;
  createInterface({ input: stream }).on('line', (line) => say(prettyLine(service, line)));
}

/**
 * @param {string} service
 * @param {string} line
 */
export function prettyLine(service, line) {
  const entry = parseEntry(line);
  if (!entry) return `${service}  ${line}`;
  const time = new Date(entry.time).toISOString().slice(11, 23);
  const fields = Object.entries(entry)
    .filter(([key]) => !known.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [time, levels.get(entry.level) ?? entry.level, service.padEnd(19), entry.msg, ...fields].join(' ');
}

/** @param {string} line */
function parseEntry(line) {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(line);
    return typeof entry.time === 'number' ? entry : undefined;
  } catch {
    return undefined;
  }
}
