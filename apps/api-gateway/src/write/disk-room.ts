import { statfsSync } from 'node:fs';

const LOOK_MS = 1000;
/** Where `npm start` keeps the databases, it does not start them again with less. */
const FLOOR_BYTES = 16 * 1024 * 1024;

/** Says why the write log may be away: the disk of the folder is full. Looks at most once a second. */
export function diskProblem(folder: string, free = freeBytes): () => string | undefined {
  let looked = -Infinity;
  let problem: string | undefined;
  return () => {
    const now = performance.now();
    if (now - looked < LOOK_MS) return problem;
    looked = now;
    const bytes = free(folder);
    problem = bytes !== undefined && bytes < FLOOR_BYTES ? 'no space left on the disk' : undefined;
    return problem;
  };
}

function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
