/** The parameters of a raw query string. Of a repeated one the first counts, an empty one counts as absent. */
export class Query {
  private readonly parameters: readonly (readonly [name: string, value: string])[];

  constructor(readonly raw: string) {
    this.parameters = raw
      .split('&')
      .filter((part) => part !== '')
      .map((part) => {
        const at = part.indexOf('=');
        return at < 0 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
      });
  }

  get(name: string): string | undefined {
    const found = this.parameters.find(([key]) => key === name);
    return found === undefined || found[1] === '' ? undefined : found[1];
  }

  /** Every value of a parameter that may be repeated. */
  all(name: string): string[] {
    return this.parameters.filter(([key]) => key === name).map(([, value]) => value);
  }

  /** The query without what may be secret, for logs. */
  redacted(): string {
    return this.raw.replace(/(^|&)(u|p|token|password)=[^&]*/gi, '$1$2=…');
  }
}

/** `+` is a blank; what is not percent-encoded, or not well, stays as it is. */
export function decode(text: string): string {
  return decodePath(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

export function decodePath(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/(?:%[0-9a-f]{2})+/gi, (codes) =>
      Buffer.from(codes.replaceAll('%', ''), 'hex').toString('utf8'),
    );
  }
}
