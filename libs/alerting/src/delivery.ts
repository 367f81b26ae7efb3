/** Why an event could not be delivered, and whether trying again may help. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  constructor(
    message: string,
    readonly retry: 'later' | 'never',
    readonly fields: Readonly<Record<string, unknown>> = {},
    /** `receiver`: no event can be delivered there now, so that trying the others of a chunk is of no use. */
    readonly concerns: 'event' | 'receiver' = 'event',
  ) {
    super(message);
  }
}

/** What became of one event of a delivery. */
export type Outcome = { readonly kind: 'delivered' } | { readonly kind: 'failed'; readonly error: DeliveryError };

export const delivered: Outcome = { kind: 'delivered' };

export function failed(error: unknown): Outcome {
  return { kind: 'failed', error: asDeliveryError(error) };
}

/** An error that nobody sorted is a fault of the handler: to try again would only repeat it. */
export function asDeliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  return new DeliveryError(error instanceof Error ? error.message : String(error), 'never');
}

/** 408, 429 and 5xx may pass; every other status will be the same the next time. */
export function retryForStatus(status: number): 'later' | 'never' {
  return status === 408 || status === 429 || status >= 500 ? 'later' : 'never';
}
