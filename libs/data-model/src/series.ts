import type { Tags } from './tags';

/**
 * A measurement and a set of tags. Readers of points intern them, so that what follows from the tags is found once per
 * series. Tables of series are bounded: the same series may come back as another object with another id.
 */
export class Series {
  constructor(
    readonly name: string,
    readonly tags: Tags,
    /** Unique within the table that made it; ids grow and are never used again. */
    readonly id: number,
  ) {}
}
