const BACKSLASH = 92;
const QUOTE = 34;
const COMMA = 44;
const EQUALS = 61;
const BLANK = 32;
const NEWLINE = 10;

/** Errors that are told one by one, and the bytes of lines that they may show together. */
const MOST_SHOWN = 100;
const MOST_BYTES = 8 * 1024;
const MOST_LINE_BYTES = 1024;
const MOST_REASON_LENGTH = 256;

/** The errors of one body, bounded: a client that sends a million bad lines gets told of the first ones, and how many there are. */
export class LineErrors {
  private readonly shown: string[] = [];
  private bytes = 0;
  private more = 0;

  add(body: Buffer, start: number, end: number, reason: string): void {
    if (this.shown.length >= MOST_SHOWN || this.bytes >= MOST_BYTES) {
      this.more++;
      return;
    }
    // A string that is never closed takes the end of the body's last line with it.
    const last = end > start && body[end - 1] === NEWLINE ? end - 1 : end;
    const cut = Math.min(last, start + MOST_LINE_BYTES);
    const line = body.toString('utf8', start, cut) + (cut < last ? `… (${last - start} bytes)` : '');
    this.shown.push(`unable to parse '${line}': ${shortened(reason)}`);
    this.bytes += cut - start;
  }

  get texts(): readonly string[] {
    if (this.more === 0) return this.shown;
    return [...this.shown, `and ${this.more} more ${this.more === 1 ? 'line' : 'lines'} that cannot be parsed`];
  }
}

/** Reasons quote what they are about. */
function shortened(reason: string): string {
  return reason.length > MOST_REASON_LENGTH ? `${reason.slice(0, MOST_REASON_LENGTH)}…` : reason;
}

/** Where the line that begins at `start` ends: at a newline that is neither escaped nor within a quoted value. */
export function endOfLine(bytes: Uint8Array, start: number, end: number): number {
  let inFields = false;
  let quoted = false;
  let equals = 0;
  let commas = 0;
  for (let at = start; at < end; at++) {
    const c = bytes[at];
    if (c === BACKSLASH) at++;
    else if (c === NEWLINE && !quoted) return at;
    else if (c === BLANK && !quoted) inFields = true;
    else if (!inFields) continue;
    else if (c === EQUALS && !quoted) equals++;
    else if (c === COMMA && !quoted) commas++;
    else if (c === QUOTE && equals > commas) quoted = !quoted;
  }
  return end;
}
