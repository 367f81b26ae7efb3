/** A pattern for JavaScript's engine, and the longest text for which its worst case stays small. */
export interface NativeRegex {
  readonly regex: RegExp;
  readonly maxLength: number;
}

/** A piece of a pattern that matches one character. */
interface Atom {
  readonly source: string;
  readonly min: number;
  readonly max: number;
}

const QUADRATIC_LIMIT = 256;

/**
 * Translates the patterns that monitoring is full of: a sequence of characters, escapes and classes with greedy
 * quantifiers, optionally anchored, optionally an alternation of such sequences. Undefined for anything else: groups,
 * boundaries, flags within, Unicode classes.
 */
export function toNativeRegex(pattern: string): NativeRegex | undefined {
  if (pattern.length > 500) return undefined;
  const insensitive = pattern.startsWith('(?i)');
  const body = insensitive ? pattern.slice(4) : pattern;
  let source = '';
  let degree = 0;
  const branches = splitBranches(body);
  if (branches === undefined || branches.length > 50) return undefined;
  for (const branch of branches) {
    const start = branch.startsWith('^');
    const end = branch.endsWith('$') && !branch.endsWith('\\$');
    if (branch.endsWith('\\$') && branch.endsWith('\\\\$')) return undefined;
    const atoms = parseSequence(branch.slice(start ? 1 : 0, end ? -1 : undefined), insensitive);
    if (atoms === undefined) return undefined;
    const unbounded = atoms.filter((atom) => atom.max === Infinity).length;
    // Each choice of how often to repeat multiplies the work; so does each position that a search may start from.
    const choices = atoms.reduce(
      (product, { min, max }) => (max === Infinity ? product : product * (max - min + 1)),
      1,
    );
    if (choices > 64) return undefined;
    degree = Math.max(degree, unbounded + (start ? 0 : 1));
    const sequence = atoms.map((atom) => atom.source).join('');
    source += `${source === '' && branch === branches[0] ? '' : '|'}${start ? '^' : ''}${sequence}${end ? '$' : ''}`;
  }
  if (degree > 2) return undefined;
  return { regex: new RegExp(source, insensitive ? 'iu' : 'u'), maxLength: degree <= 1 ? Infinity : QUADRATIC_LIMIT };
}

/** Splits at `|`. Undefined if there are groups. */
function splitBranches(body: string): string[] | undefined {
  const branches: string[] = [];
  let from = 0;
  let inClass = false;
  for (let i = 0; i < body.length; i++) {
    const c = body[i];
    if (c === '\\') i++;
    else if (inClass) inClass = c !== ']';
    else if (c === '[') {
      inClass = true;
      // A bracket right after the opening one is an ordinary character of the class.
      if (body[i + 1] === '^') i++;
      if (body[i + 1] === ']') return undefined;
    } else if (c === '(' || c === ')') return undefined;
    else if (c === '|') {
      branches.push(body.slice(from, i));
      from = i + 1;
    }
  }
  branches.push(body.slice(from));
  return branches;
}

/** A character, an escape, a class of ASCII characters, or a dot; and a greedy quantifier. */
const ATOM =
  /^(?:([A-Za-z0-9 _\-:;,!@#%&=~'"<>/`\u00a1-\u02ff\u0370-\u1fff])|(\\[dw.\\+*?()|[\]{}^$])|(\\-|\\\/)|(\.)|(\[\^?(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9 _:;,.!@#%=/+*]|\\[dw.])+-?\]))([*+?]|\{\d{1,2}(?:,\d{0,2})?\})?/;

function parseSequence(text: string, insensitive: boolean): Atom[] | undefined {
  const atoms: Atom[] = [];
  let rest = text;
  while (rest !== '') {
    const match = ATOM.exec(rest);
    if (match === null) return undefined;
    const [whole, plain, escaped, punctuation, dot, set, quantifier = ''] = match;
    rest = rest.slice(whole.length);
    // A lazy quantifier, or a second one (which Go refuses).
    if (quantifier !== '' && /^[?*+{]/.test(rest)) return undefined;
    // Case folding of \w and of what is not ASCII is not the same everywhere.
    if (insensitive && (/\\w/.test(whole) || /[^\x00-\x7f]/.test(whole) || set?.startsWith('[^') === true))
      return undefined;
    // A range that is not in order is an error that the other engine reports.
    for (const [, low, high] of set?.matchAll(/([A-Za-z0-9])-([A-Za-z0-9])/g) ?? []) if (low! > high!) return undefined;
    const [min, max] = bounds(quantifier);
    if (max < min) return undefined;
    // Within a class of a u-flagged pattern a plain hyphen at the end is fine; a dot leaves out the line feed only.
    const one = plain ?? escaped ?? punctuation?.slice(1) ?? (dot !== undefined ? '[^\\n]' : set!);
    atoms.push({ source: one + quantifier, min, max });
  }
  return atoms;
}

function bounds(quantifier: string): [min: number, max: number] {
  switch (quantifier) {
    case '':
      return [1, 1];
    case '*':
      return [0, Infinity];
    case '+':
      return [1, Infinity];
    case '?':
      return [0, 1];
    default: {
      const [low, high] = quantifier.slice(1, -1).split(',');
      const min = Number(low);
      return [min, high === undefined ? min : high === '' ? Infinity : Number(high)];
    }
  }
}
