/** A template that does not parse or cannot be executed; the message is Go's, e.g. `template: id:1: unclosed action`. */
export class TemplateError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TemplateError';
  }
}

/** What a function or a method complains about; the execution adds where. */
export class CallError extends Error {}
