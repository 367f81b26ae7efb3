import type { Expression, Fill, SelectStatement } from './ast';

/** What a query is grouped by. Nanoseconds. */
export type Grouping =
  | { readonly kind: 'tag'; readonly name: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'time'; readonly length: bigint; readonly offset: bigint };

export interface QueryRewrite {
  /** Times in RFC 3339: from this one on, and before this one. */
  readonly start: string;
  readonly stop: string;
  readonly groupBy: readonly Grouping[];
  /** Left as it is unless given. */
  readonly fill?: Fill;
}

/**
 * A query for one range of time. Its GROUP BY is replaced, its condition gets the range behind it, without parentheses:
 * an OR at its top binds less than the range.
 */
export function rewriteQuery(select: SelectStatement, { start, stop, groupBy, fill }: QueryRewrite): SelectStatement {
  const range = and(timeCompared('>=', start), timeCompared('<', stop));
  return {
    ...select,
    condition: select.condition === undefined ? range : and(select.condition, range),
    dimensions: groupBy.map(dimension),
    fill: fill ?? select.fill,
  };
}

const and = (left: Expression, right: Expression): Expression => ({ kind: 'binary', operator: 'AND', left, right });

function timeCompared(operator: string, value: string): Expression {
  return { kind: 'binary', operator, left: { kind: 'reference', name: 'time' }, right: { kind: 'string', value } };
}

function dimension(grouping: Grouping): Expression {
  switch (grouping.kind) {
    case 'tag':
      return { kind: 'reference', name: grouping.name };
    case 'all':
      return { kind: 'wildcard' };
    case 'time': {
      const args = [grouping.length, grouping.offset].map((value) => ({ kind: 'duration' as const, value }));
      return { kind: 'call', name: 'time', args };
    }
  }
}

/** Where a query reads from, if that is one measurement with its database and retention policy. */
export function soleSource(select: SelectStatement): { readonly db: string; readonly rp: string } | undefined {
  const [source] = select.sources;
  if (select.sources.length !== 1 || source?.kind !== 'measurement') return undefined;
  const { database: db, retentionPolicy: rp } = source;
  return db === '' || rp === '' ? undefined : { db, rp };
}
