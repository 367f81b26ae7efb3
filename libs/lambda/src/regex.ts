import { regexProblem } from '@supercap/tickscript';
import { type Matcher, RE2JS } from 're2js';
import { type NativeRegex, toNativeRegex } from './regex-native';
import { requireLength } from './strings';

/**
 * A regular expression of Go's syntax, matched in linear time. Where the pattern means the same to JavaScript's own
 * engine and cannot make it backtrack badly, that engine does the matching, at a tenth of the cost.
 */
export class CompiledRegex {
  readonly kind = 'regex';
  private readonly native: NativeRegex | undefined;
  private readonly linear: RE2JS;

  constructor(readonly pattern: string) {
    this.native = toNativeRegex(pattern);
    // The pattern is always checked by the engine that knows Go's rules.
    this.linear = compileLinear(pattern);
  }

  /** Whether the pattern matches anywhere in the text. */
  test(text: string): boolean {
    const { native } = this;
    if (native !== undefined && text.length <= native.maxLength) return native.regex.test(text);
    return this.linear.test(text);
  }

  /** Replaces every match; `$1`, `${1}`, `$name` and `${name}` stand for groups, `$$` for a dollar. */
  replaceAll(text: string, replacement: string): string {
    const { linear } = this;
    const matcher = linear.matcher(text);
    const parts = parseTemplate(replacement);
    const names = linear.namedGroups();
    let result = '';
    let copied = 0;
    let previousEnd = -1;
    while (matcher.find()) {
      const start = matcher.start();
      const end = matcher.end();
      // Go leaves out an empty match that touches the match before it.
      const skipped = start === end && start === previousEnd;
      previousEnd = end;
      if (skipped) continue;
      result += text.slice(copied, start);
      copied = end;
      for (const part of parts) {
        result += typeof part === 'string' ? part : groupText(matcher, names, part.group);
        requireLength(result.length);
      }
    }
    return result + text.slice(copied);
  }
}

/** Throws an Error with Go's text, `error parsing regexp: …`. */
export function compileRegex(pattern: string): CompiledRegex {
  return new CompiledRegex(pattern);
}

function compileLinear(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new Error(regexProblem(pattern) ?? (error instanceof Error ? error.message : String(error)));
  }
}

/** What a group matched: nothing if there is no such group or it did not take part. */
function groupText(matcher: Matcher, names: Readonly<Record<string, number>>, group: string): string {
  const number = /^\d+$/.test(group) ? Number(group) : Object.hasOwn(names, group) ? names[group]! : -1;
  return number >= 0 && number <= matcher.groupCount() ? (matcher.group(number) ?? '') : '';
}

type TemplatePart = string | { readonly group: string };

/** The name of a group is the longest run of letters, digits and underscores: `$1x` is the group `1x`. */
function parseTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = '';
  for (let i = 0; i < template.length;) {
    const dollar = template.indexOf('$', i);
    if (dollar < 0) {
      literal += template.slice(i);
      break;
    }
    literal += template.slice(i, dollar);
    const reference = /^(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/u.exec(template.slice(dollar + 1));
    if (reference === null || reference[0] === '$') {
      literal += '$';
      i = dollar + 1 + (reference === null ? 0 : 1);
      continue;
    }
    if (literal !== '') parts.push(literal);
    literal = '';
    parts.push({ group: (reference[1] ?? reference[2])! });
    i = dollar + 1 + reference[0].length;
  }
  if (literal !== '') parts.push(literal);
  return parts;
}
