import { StartError } from '@supercap/pipeline';

export type SideloadSource =
  | { readonly kind: 'folder'; readonly path: string }
  /** A configured HTTP endpoint that answers with an object of objects. */
  | { readonly kind: 'endpoint'; readonly name: string };

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/;

/** Reads `.source(…)`. Throws StartError. */
export function parseSource(source: string, isEndpoint: (name: string) => boolean): SideloadSource {
  const scheme = SCHEME.exec(source)?.[1]?.toLowerCase() ?? '';
  if (scheme !== 'file') {
    if (source !== '' && isEndpoint(source)) return { kind: 'endpoint', name: source };
    throw new StartError(`unsupported source scheme "${scheme}", must be 'file'`);
  }
  const rest = source.slice('file:'.length);
  // What follows `//` up to the next slash is a host, which files do not have.
  const path = decode(rest.startsWith('//') ? rest.replace(/^\/\/[^/]*/, '') : rest);
  if (!path.startsWith('/')) throw new StartError(`sideload source path must be absolute "${path}"`);
  return { kind: 'folder', path: path.length > 1 ? path.replace(/\/+$/, '') : path };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
