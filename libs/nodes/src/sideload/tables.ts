import { parseYaml, SideloadFormatError } from './yaml-text';

/** The values of one file, or of one key of an endpoint's answer. */
export type SideloadTable = ReadonlyMap<string, unknown>;
/** By path relative to the source. */
export type SideloadTables = ReadonlyMap<string, SideloadTable>;

/** Reads the files of a folder; those that are neither YAML nor JSON are left alone. Throws SideloadFormatError. */
export function tablesFromFiles(folder: string, files: ReadonlyMap<string, string>): SideloadTables {
  const tables = new Map<string, SideloadTable>();
  for (const path of [...files.keys()].sort()) {
    const kind = /\.(yml|yaml|json)$/.exec(path)?.[1];
    if (kind === undefined) continue;
    const language = kind === 'json' ? 'json' : 'yaml';
    try {
      const value = language === 'json' ? parseJson(files.get(path)!) : parseYaml(files.get(path)!);
      tables.set(path, tableFrom(value, language === 'yaml' ? 'error unmarshaling JSON: ' : ''));
    } catch (thrown) {
      if (!(thrown instanceof SideloadFormatError)) throw thrown;
      throw new SideloadFormatError(`failed to unmarshal ${language} values "${folder}/${path}": ${thrown.message}`);
    }
  }
  return tables;
}

/** Reads an endpoint's answer: an object of objects. Throws SideloadFormatError. */
export function tablesFromJson(text: string): SideloadTables {
  return new Map([...tableFrom(parseJson(text), '')].map(([key, value]) => [key, tableFrom(value, '')]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    const character = /^Unexpected token '?(.)/u.exec((thrown as Error).message)?.[1];
    throw new SideloadFormatError(
      character === undefined
        ? 'unexpected end of JSON input'
        : `invalid character '${character}' looking for beginning of value`,
    );
  }
}

function tableFrom(value: unknown, prefix: string): SideloadTable {
  if (value === null || value === undefined) return new Map();
  if (typeof value === 'object' && !Array.isArray(value)) return new Map(Object.entries(value));
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  throw new SideloadFormatError(
    `${prefix}json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`,
  );
}
