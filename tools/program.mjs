// `node tools/program.mjs PACKAGE PROGRAM`: fetches a program of Debian or Ubuntu into SUPERCAP_PROGRAMS_DIR and prints, as JSON,
// its path and the LD_LIBRARY_PATH that it needs; prints null where it cannot be had.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unpackDebianPackage } from './start/debian-packages.mjs';
import { runTool } from './start/say.mjs';
import { readStartSettings } from './start/settings.mjs';

await runTool(async () => {
  const [packageName, program] = process.argv.slice(2);
  const unpacked = await unpackDebianPackage(packageName, readStartSettings(process.env).programsDir);
  const path = unpacked?.path.map((folder) => join(folder, program)).find(existsSync);
  process.stdout.write(JSON.stringify(path ? { path, libraryPath: unpacked.libraryPath } : null));
});
