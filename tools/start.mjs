// `npm start`: brings up everything that supercap needs on one machine, and supercap. Stop it with Ctrl-C.
import { requireNode } from './start/node-version.mjs';

requireNode();
// Imported late, so that an old Node reaches the sentence above instead of a syntax error.
const { runProduct } = await import('./start/product.mjs');
await runProduct();
