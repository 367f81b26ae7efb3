// `npm test`: everything that is checked: lint with the rules of the layers, types, unit tests, and tests that drive the product
// from outside. Runs all of it whatever fails, and ends with the line "N passed, N failed".
import { requireNode } from './start/node-version.mjs';

requireNode();
const { runChecks } = await import('./test/checks.mjs');
await runChecks();
