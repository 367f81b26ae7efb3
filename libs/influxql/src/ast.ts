/** An expression of InfluxQL. */
export type Expression =
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'paren'; readonly inner: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'reference'; readonly name: string; readonly type?: string }
  | { readonly kind: 'distinct'; readonly name: string }
  /** `type`: `field` or `tag`. */
  | { readonly kind: 'wildcard'; readonly type?: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'regex'; readonly pattern: string }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'number'; readonly value: number }
  /** Nanoseconds. */
  | { readonly kind: 'duration'; readonly value: bigint }
  | { readonly kind: 'boolean'; readonly value: boolean };

export interface Measurement {
  readonly kind: 'measurement';
  /** Empty where the text names none. */
  readonly database: string;
  readonly retentionPolicy: string;
  readonly name: string;
  /** In place of a name. */
  readonly pattern?: string;
}

export type Source = Measurement | { readonly kind: 'subquery'; readonly select: SelectStatement };

export type Fill = 'null' | 'none' | 'previous' | 'linear' | number | bigint;

export interface SelectStatement {
  readonly kind: 'select';
  readonly fields: readonly { readonly expression: Expression; readonly alias: string }[];
  readonly target?: Measurement;
  readonly sources: readonly Source[];
  readonly condition?: Expression;
  readonly dimensions: readonly Expression[];
  readonly fill: Fill;
  readonly order: readonly { readonly name: string; readonly ascending: boolean }[];
  /** 0n: none. */
  readonly limit: bigint;
  readonly offset: bigint;
  readonly seriesLimit: bigint;
  readonly seriesOffset: bigint;
  readonly timeZone: string;
}

/** A statement that selects nothing: its words are not looked at. */
export interface OtherStatement {
  readonly kind: 'other';
}

export type Statement = SelectStatement | OtherStatement;
