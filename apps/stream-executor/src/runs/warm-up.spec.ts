import { nodeDefinitions } from '@supercap/nodes';
import { createCatalog } from '@supercap/pipeline';
import { expect, it } from 'vitest';
import { warmUp } from './warm-up';

it('sends made-up points through every one of its scripts', async () => {
  const feeds = new Map<string, number>();
  const catalog = createCatalog(nodeDefinitions);
  const counting = {
    ...catalog,
    get: (kind: string) => {
      feeds.set(kind, (feeds.get(kind) ?? 0) + 1);
      return catalog.get(kind);
    },
  };
  expect(await warmUp(counting)).toBe(20_000);
  expect([...feeds.keys()]).toEqual(
    expect.arrayContaining(['from', 'alert', 'window', 'mean', 'eval', 'where', 'httpOut']),
  );
});
