const BACKSLASH = 92;
const QUOTE = 34;
const COMMA = 44;
const EQUALS = 61;
const BLANK = 32;
const NEWLINE = 10;

const MAX_ERRORS = 1000;
const MAX_ERROR_BYTES = 256 * 1024;
const MAX_LINE_BYTES = 16 * 1024;

/** The errors of one body, bounded: a client that sends a million bad lines gets told of the first ones. */
export class LineErrors {
  readonly texts: string[] = [];
  private bytes = 0;

  /** False when enough has been reported. */
  add(body: Buffer, start: number, end: number, reason: string): boolean {
    // A string that is never closed takes the end of the body's last line with it.
    const last = end > start && body[end - 1] === NEWLINE ? end - 1 : end;
    const shown = Math.min(last, start + MAX_LINE_BYTES);
    const line = body.toString('utf8', start, shown) + (shown < last ? '…' : '');
    this.texts.push(`unable to parse '${line}': ${reason}`);
    this.bytes += shown - start;
    if (this.texts.length < MAX_ERRORS && this.bytes < MAX_ERROR_BYTES) return true;
    this.texts.push('further errors are not reported');
    return false;
  }
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
