import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

const WANTED = /\.(ya?ml|json)$/;
const FILE_LIMIT = 16 * 1024 * 1024;

/** The text of every YAML and JSON file below a folder, by path relative to it. Rejects with Go's words when it is not there. */
export async function readFolder(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  let entries;
  try {
    entries = await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Error(`stat ${folder}: no such file or directory`);
    throw error;
  }
  for (const entry of entries) {
    if (!entry.isFile() || !WANTED.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, 'utf8');
    if (text.length > FILE_LIMIT) throw new Error(`${path} is larger than ${FILE_LIMIT} bytes`);
    files.set(relative(folder, path), text);
  }
  return files;
}
