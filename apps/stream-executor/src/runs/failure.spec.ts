import { StateCodecError } from '@supercap/dataflow';
import { FatalNodeError, StartError } from '@supercap/pipeline';
import { expect, it } from 'vitest';
import { failureKind } from './failure';

const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code });

it.each([
  ['task', new StartError('no InfluxDB cluster configured')],
  ['task', new FatalNodeError('alert2: timeout of the reader')],
  ['task', new StateCodecError('connection of a state that nobody knows')],
  ['world', new Error('timeout exceeded when trying to connect')],
  ['world', new Error('Query read timeout')],
  ['world', coded('ECONNREFUSED')],
  ['world', coded('57P01', 'terminating connection due to administrator command')],
  ['world', coded('55P03')],
  ['world', coded('P2028')],
  ['world', new Error('a statement failed', { cause: coded('08006') })],
  ['unknown', new TypeError('x is not a function')],
  ['unknown', coded('23505')],
  ['unknown', 'text'],
] as const)('is an error of the %s: %s', (kind, error) => {
  expect(failureKind(error)).toBe(kind);
});
