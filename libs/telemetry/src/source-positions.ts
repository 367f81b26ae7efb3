import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Where in the sources a trace comes from. `--enable-source-maps` would keep the decoded map of the whole program from
// the first trace on, tens of megabytes in each service; this reads the map when a trace is logged and keeps the answers.

interface SourceMapFile {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/** Line and column in generated code, both from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

const MOST_KEPT = 2000;
/** The message in front of the frames may be of any length. */
const frameLine = /^ +at .{1,500}$/gm;
const frame = /((?:file:\/\/)?\/[^\s()]+\.m?js):(\d+):(\d+)/g;

/** What is known of `file:line:column`. */
const known = new Map<string, string>();

/** The trace with the places of its sources, as far as there are maps beside the files. */
export function inSources(stack: string): string {
  const unknown = new Map<string, Map<string, Position>>();
  const frames = (stack.match(frameLine) ?? []).join('\n');
  for (const [place, file, line, column] of frames.matchAll(frame)) {
    if (known.has(place)) continue;
    let places = unknown.get(file!);
    if (places === undefined) unknown.set(file!, (places = new Map()));
    places.set(place, { line: Number(line), column: Number(column) });
  }
  if (known.size + unknown.size > MOST_KEPT) known.clear();
  for (const [file, places] of unknown) {
    const map = readMap(file);
    for (const [place, position] of places) known.set(place, (map && sourceOf(map, position)) ?? place);
  }
  return stack.replace(frameLine, (text) => text.replace(frame, (place) => known.get(place) ?? place));
}

function readMap(file: string): SourceMapFile | undefined {
  try {
    const path = `${file.startsWith('file:') ? fileURLToPath(file) : file}.map`;
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as SourceMapFile) : undefined;
  } catch {
    // A trace without the places of its sources is better than none.
    return undefined;
  }
}

const SEMICOLON = 59;
const COMMA = 44;

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const valueOf = new Uint8Array(128);
[...digits].forEach((digit, value) => (valueOf[digit.charCodeAt(0)] = value));

/**
 * The last mapping of the line at or in front of the column, found in one pass over the text. Its numbers are differences
 * to those before: five bits a digit, the lowest first, whose lowest bit is the sign.
 */
export function sourceOf({ sources, mappings }: SourceMapFile, { line, column }: Position): string | undefined {
  let generatedLine = 1;
  // Generated column, source, its line and its column; the fifth is a name.
  const fields = new Int32Array(5);
  let field = 0;
  let bits = 0;
  let shift = 0;
  let found: string | undefined;
  for (let at = 0; at <= mappings.length; at++) {
    const code = at === mappings.length ? SEMICOLON : mappings.charCodeAt(at);
    if (code !== COMMA && code !== SEMICOLON) {
      const digit = valueOf[code]!;
      bits |= (digit & 31) << shift;
      shift += 5;
      if ((digit & 32) !== 0) continue;
      fields[field++]! += bits & 1 ? -(bits >>> 1) : bits >>> 1;
      bits = 0;
      shift = 0;
      continue;
    }
    if (generatedLine === line && field > 0) {
      if (fields[0]! >= column) break;
      const source = sources[fields[1]!]?.replace(/^(\.\.\/)+/, '');
      if (field >= 4) found = `${source}:${fields[2]! + 1}:${fields[3]! + 1}`;
    }
    field = 0;
    if (code === COMMA) continue;
    if (generatedLine++ === line) break;
    fields[0] = 0;
  }
  return found;
}
