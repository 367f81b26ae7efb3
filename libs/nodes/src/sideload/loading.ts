import { goTypeOf, type Point, type Tags } from '@supercap/data-model';
import { parseTemplate, type Template, TemplateError } from '@supercap/go-template';
import { type NodeContext, type Receiver, StartError } from '@supercap/pipeline';
import { oncePerTags, regrouped } from '../group-by/regrouped';
import { convertLike, type Scalar } from './convert';
import { parseSource, type SideloadSource } from './source';
import { type SideloadTables, tablesFromFiles, tablesFromJson } from './tables';

export interface SideloadOptions {
  readonly source: string;
  readonly order: readonly string[];
  readonly field: readonly (readonly [name: string, fallback: Scalar])[];
  readonly tag: readonly (readonly [name: string, fallback: string])[];
}

/** What a series gets, and what went wrong: told again for each of its points. */
interface Loaded {
  readonly failed?: string;
  readonly fields: readonly (readonly [name: string, value: Scalar])[];
  readonly tags: Tags;
  readonly problems: readonly { readonly key: string; readonly cause: string }[];
}

const ENDPOINT_TIMEOUT = 10_000_000_000n;

type Context = NodeContext<SideloadOptions, unknown>;

async function readSource(source: SideloadSource, { ports }: Context): Promise<SideloadTables> {
  if (source.kind === 'folder') return tablesFromFiles(source.path, await ports.readFolder(source.path));
  const { url, headers, basicAuth } = ports.endpoint(source.name)!;
  const login: Record<string, string> =
    basicAuth === undefined
      ? {}
      : { Authorization: `Basic ${Buffer.from(`${basicAuth.username}:${basicAuth.password}`).toString('base64')}` };
  const answer = await ports.http.request({
    method: 'GET',
    url,
    headers: { ...headers, ...login },
    timeout: ENDPOINT_TIMEOUT,
  });
  if (answer.status < 200 || answer.status > 299) throw new Error(`unexpected status code ${answer.status}`);
  return tablesFromJson(answer.body);
}

async function update(source: SideloadSource, context: Context): Promise<SideloadTables> {
  const name = source.kind === 'folder' ? source.path : source.name;
  try {
    return await readSource(source, context);
  } catch (thrown) {
    throw new StartError(`failed to update sideload cache for source "${name}": ${causeOf(thrown, name)}`);
  }
}

function causeOf(thrown: unknown, path: string): string {
  const { code, message } = thrown as NodeJS.ErrnoException;
  // The original names the system call that it met the missing folder with, whatever the port used.
  const missing = code === 'ENOENT' || message.endsWith(': no such file or directory');
  return missing ? `lstat ${path}: no such file or directory` : message;
}

function parseOrder(order: readonly string[]): Template[] {
  try {
    return order.map((text) => parseTemplate('order', text));
  } catch (thrown) {
    if (thrown instanceof TemplateError) throw new StartError(thrown.message);
    throw thrown;
  }
}

/** The receiver of a sideload node. Throws StartError when the source cannot be read. */
export async function loading(context: Context): Promise<Receiver<unknown>> {
  const { options, ports, report } = context;
  const source = parseSource(options.source, (name) => ports.endpoint(name) !== undefined);
  const order = parseOrder(options.order);
  let load = loader(await update(source, context));
  const withdraw = ports.onSideloadReload?.(async () => {
    load = loader(await update(source, context));
  });

  /** What there is to load for a series follows from its tags: it is looked up once, until the source is read again. */
  function loader(tables: SideloadTables): (tags: Tags) => Loaded {
    return oncePerTags((tags) => {
      try {
        return lookUp(tables, tags);
      } catch (thrown) {
        if (!(thrown instanceof TemplateError)) throw thrown;
        return { failed: thrown.message, fields: [], tags, problems: [] };
      }
    });
  }

  function lookUp(tables: SideloadTables, tags: Tags): Loaded {
    const found = order.map((template) => tables.get(template.execute(tags)));
    const problems: { key: string; cause: string }[] = [];
    function value<T extends Scalar>(key: string, fallback: T): T {
      const table = found.find((candidate) => candidate?.has(key));
      if (table === undefined) return fallback;
      const converted = convertLike(fallback, table.get(key));
      if (converted === undefined) {
        const text = JSON.stringify(table.get(key));
        problems.push({ key, cause: `cannot convert value ${text} to type ${goTypeOf(fallback)}` });
      }
      return (converted as T | undefined) ?? fallback;
    }
    const fields = options.field.map(([key, fallback]) => [key, value(key, fallback)] as const);
    const loadedTags = options.tag.map(([key, fallback]) => [key, value(key, fallback)] as const);
    return { fields, tags: loadedTags.reduce((result, [key, text]) => result.with(key, text), tags), problems };
  }

  function loaded(point: Point): Point {
    const { failed, fields, tags, problems } = load(point.tags);
    if (failed !== undefined) {
      report('failed to evaluate order template', failed);
      return point;
    }
    for (const { key, cause } of problems) report('failed to load key', cause, { key });
    const result = fields.reduce((before, [name, value]) => before.withField(name, value), point);
    return tags === point.tags ? result : result.withTags(tags);
  }

  return {
    point(point) {
      const result = loaded(point);
      if (result.tags === point.tags) return result;
      return result.withGroup(regrouped(point.group, result.tags, point.name));
    },
    // A batch stays in its group, whatever tags its points get.
    batch: (batch) => batch.withPoints(batch.points.map(loaded)),
    close: () => withdraw?.(),
  };
}
