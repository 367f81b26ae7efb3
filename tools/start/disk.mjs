import { statfsSync } from 'node:fs';

/** With less than this a database ends again at its next write; its own files grow by 16 MB at a time. */
const floor = 16 * 1024 * 1024;

/**
 * Why a database whose files are in the folder should not be started now.
 * @param {string} folder
 * @returns {string | undefined} undefined when there is room, or nobody can tell
 */
export function noRoomFor(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < floor ? `there is no room on the disk of ${folder}` : undefined;
  } catch {
    return undefined;
  }
}
