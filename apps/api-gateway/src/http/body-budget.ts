/** The memory that the bodies of all requests may take together. */
export class BodyBudget {
  private held = 0;

  constructor(private readonly bytes: number) {}

  /** For one request, to be released when it is answered. */
  share(): BodyShare {
    let own = 0;
    return {
      take: (bytes) => {
        if (this.held + bytes > this.bytes) return false;
        this.held += bytes;
        own += bytes;
        return true;
      },
      release: () => {
        this.held -= own;
        own = 0;
      },
    };
  }
}

export interface BodyShare {
  /** False: there is no room for so many more. */
  take(bytes: number): boolean;
  release(): void;
}

/** Of a request that nobody counts. */
export const unlimitedShare: BodyShare = { take: () => true, release: () => undefined };
