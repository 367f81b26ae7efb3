import { describe, expect, it } from 'vitest';
import { dotWithStats } from './dot';
import { compile } from './testing/test-catalog';

const stats = {
  throughput: 12.345,
  nodes: {
    stream0: { working_cardinality: 0, errors: 0, avg_exec_time_ns: 0n },
    from1: { avg_exec_time_ns: 1_500_000n, errors: 2 },
  },
  processed: () => 6,
};

describe('the graph of an executing task', () => {
  it('has the figures as attributes, sorted', () => {
    expect(dotWithStats(compile('stream|from()').pipeline, 'a', stats, 'attributes')).toBe(
      [
        'digraph a {',
        'graph [throughput="12.35 points/s"];',
        '',
        'stream0 [avg_exec_time_ns="0s" errors="0" working_cardinality="0" ];',
        'stream0 -> from1 [processed="6"];',
        '',
        'from1 [avg_exec_time_ns="1.5ms" errors="2" ];',
        '}',
      ].join('\n'),
    );
  });

  it('has them as labels', () => {
    expect(
      dotWithStats(
        compile("batch|query('q')|max('v')").pipeline,
        'a',
        { ...stats, nodes: { query1: { a: 1, b: 2 } } },
        'labels',
      ),
    ).toBe(
      [
        'digraph a {',
        'graph [label="Throughput: 12.35 batches/s" forcelabels=true pad="0.8,0.5"];',
        '',
        'query1 [xlabel="a=1\\rb=2"];',
        'query1 -> max2 [label="processed=6"];',
        '',
        'max2 [xlabel=""];',
        '}',
      ].join('\n'),
    );
  });
});
