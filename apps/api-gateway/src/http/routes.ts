import type { Handler } from './exchange';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS';

/** How a surface words its errors. */
export interface Surface {
  readonly name: string;
  /** `Error` in the API of 2016, `error` in the newer one. */
  readonly errorKey: string;
}

export const V1_BASE = '/kapacitor/v1';
/** The same routes, under the name that they had before. */
export const PREVIEW_BASE = '/kapacitor/v1preview';

export const legacySurface: Surface = { name: '2016', errorKey: 'Error' };
export const v1Surface: Surface = { name: 'v1', errorKey: 'error' };

export interface Route {
  readonly surface: Surface;
  readonly method: Method;
  /** Exact; one that ends in a slash matches every path that begins with it. */
  readonly pattern: string;
  readonly handler: Handler;
  /** Answers are never compressed (streams, backups). */
  readonly plain?: boolean;
  /** For metrics: one series for each class, not for each path. */
  readonly kind: string;
}

export interface Match {
  readonly route: Route;
  readonly rest: string;
}

/** The route of a method and path: exact ones first, then the longest prefix. */
export class RouteTable {
  private readonly exact = new Map<string, Route>();
  private readonly prefixes: Route[] = [];
  /** The first names of the paths of the API of 2016. */
  private readonly legacyNames = new Set<string>();

  constructor(readonly routes: readonly Route[]) {
    for (const route of routes) {
      const key = `${route.method} ${route.pattern}`;
      if (this.exact.has(key)) throw new Error(`route ${key} is registered twice`);
      this.exact.set(key, route);
      if (route.pattern.endsWith('/')) this.prefixes.push(route);
      if (route.surface === legacySurface) this.legacyNames.add(firstName(route.pattern));
    }
    this.prefixes.sort((a, b) => b.pattern.length - a.pattern.length);
  }

  /** Whose words a path gets that has no route. */
  surfaceOf(path: string): Surface {
    return this.legacyNames.has(firstName(path)) ? legacySurface : v1Surface;
  }

  find(method: string, path: string): Match | undefined {
    const route = this.exact.get(`${method} ${path}`);
    if (route !== undefined) return { route, rest: '' };
    for (const prefix of this.prefixes) {
      if (prefix.method === method && path.startsWith(prefix.pattern)) {
        return { route: prefix, rest: path.slice(prefix.pattern.length) };
      }
    }
    return undefined;
  }
}

const firstName = (path: string) => path.split('/', 2)[1] ?? '';
