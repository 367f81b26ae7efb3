import { INT64_MAX, parseTime } from '@supercap/data-model';
import { endOfValue, itemsOf, JsonError, kindOf, membersOf, skipBlanks } from './go-json';

/** The bounds of times in nanoseconds: 64 bits. */
export const EARLIEST = -INT64_MAX;

/**
 * An object of a request's body, decoded as Go decodes into a struct: names match in any case, the last of several
 * counts, `null` is the same as absent, unknown ones are ignored. Every getter throws JsonError.
 */
export class JsonObject {
  private readonly members: ReadonlyMap<string, string>;

  private constructor(json: string) {
    const kind = kindOf(json);
    if (kind !== 'object' && kind !== 'null')
      throw new JsonError(`json: cannot unmarshal ${kind} into Go value of type object`);
    const members = kind === 'null' ? [] : membersOf(json);
    this.members = new Map(
      members.filter(([, value]) => value !== 'null').map(([name, value]) => [name.toLowerCase(), value]),
    );
  }

  /** Reads the first value of a text; what follows it is ignored. */
  static read(text: string): JsonObject {
    const start = skipBlanks(text, 0);
    return new JsonObject(text.slice(start, endOfValue(text, start)));
  }

  private value(name: string, kind: string, goType: string): string | undefined {
    const value = this.members.get(name);
    if (value !== undefined && kindOf(value) !== kind) {
      throw new JsonError(`json: cannot unmarshal ${kindOf(value)} into Go struct field .${name} of type ${goType}`);
    }
    return value;
  }

  text(name: string): string {
    const value = this.value(name, 'string', 'string');
    return value === undefined ? '' : (JSON.parse(value) as string);
  }

  /** One of some words, or nothing. */
  word<T extends string>(name: string, words: readonly T[], unknown: (word: string) => string): T | undefined {
    const text = this.text(name);
    if (text === '') return undefined;
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) throw new JsonError(unknown(text));
    return word;
  }

  flag(name: string): boolean {
    return this.value(name, 'bool', 'bool') === 'true';
  }

  /** Nanoseconds since the epoch, as near as 64 bits can hold. */
  time(name: string): bigint | undefined {
    const value = this.members.get(name);
    if (value === undefined) return undefined;
    const time = value.startsWith('"') ? parseTime(JSON.parse(value) as string) : undefined;
    if (time === undefined) {
      throw new JsonError(
        `parsing time ${JSON.stringify(value)} as ${JSON.stringify('"2006-01-02T15:04:05Z07:00"')}: cannot parse ${timeProblem(value)}`,
      );
    }
    return time > INT64_MAX ? INT64_MAX : time < EARLIEST ? EARLIEST : time;
  }

  /** The text of an object, numbers and all. */
  object(name: string): string | undefined {
    return this.value(name, 'object', 'map[string]interface {}');
  }

  list(name: string): JsonObject[] {
    const value = this.value(name, 'array', 'slice');
    return value === undefined ? [] : itemsOf(value).map((item) => new JsonObject(item));
  }
}

const TIME_PARTS: readonly (readonly [text: RegExp, layout: string])[] = [
  [/^"/, '"'],
  [/^\d{4}/, '2006'],
  [/^-/, '-'],
  [/^\d\d/, '01'],
  [/^-/, '-'],
  [/^\d\d/, '02'],
  [/^T/, 'T'],
  [/^\d\d/, '15'],
  [/^:/, ':'],
  [/^\d\d/, '04'],
  [/^:/, ':'],
  [/^\d\d(?:\.\d+)?/, '05'],
  [/^(?:Z|[+-]\d\d:\d\d)/, 'Z07:00'],
  [/^"/, '"'],
];

/** The first part of a time that is not as it should be. */
function timeProblem(json: string): string {
  let rest = json;
  for (const [text, layout] of TIME_PARTS) {
    const found = text.exec(rest);
    if (found === null) return `${JSON.stringify(rest)} as ${JSON.stringify(layout)}`;
    rest = rest.slice(found[0].length);
  }
  return `${JSON.stringify(json)}: out of range`;
}
