import { Layout, type Point } from '@supercap/data-model';

/** Renames one field of points; where it goes is worked out once per layout. */
export class FieldRenamer {
  private from: Layout | undefined;
  private to = Layout.empty;
  /** The slot that each slot of `to` comes from. */
  private sources: readonly number[] = [];

  constructor(
    private readonly field: string,
    private readonly name: string,
  ) {}

  rename(point: Point): Point {
    if (this.field === this.name) return point;
    if (point.layout !== this.from) this.resolve(point.layout);
    return point.withFields(
      this.to,
      this.sources.map((slot) => point.values[slot]!),
    );
  }

  private resolve(layout: Layout): void {
    this.from = layout;
    this.to = Layout.of([...layout.names.filter((name) => name !== this.field), this.name]);
    this.sources = this.to.names.map((name) => layout.slot(name === this.name ? this.field : name));
  }
}
