/** A refusal on its way to an HTTP client: the status and exactly the text that the client gets. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export const badRequest = (message: string) => new HttpError(400, message);
export const notFound = (message: string) => new HttpError(404, message);
export const serverError = (message: string) => new HttpError(500, message);
export const unavailable = (message: string) => new HttpError(503, message);
