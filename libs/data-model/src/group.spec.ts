import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Dimensions, groupOf, type Note } from './group';
import { Tags } from './tags';

interface Owned extends Note {
  readonly text: string;
}

describe('notes of a group', () => {
  const owners = Array.from({ length: 7 }, () => ({}));
  const noteFor = (owner: object, text: string): Owned => ({ owner, live: true, text });

  it('are found by their owner, the latest one', () => {
    const group = groupOf(false, '', Tags.from({ host: 'a' }));
    for (const text of ['old', 'new']) for (const owner of owners.slice(0, 4)) group.note(noteFor(owner, text));
    expect(owners.map((owner) => (group.noteOf(owner) as Owned | undefined)?.text)).toEqual([
      ...Array<string>(4).fill('new'),
      ...Array<undefined>(3).fill(undefined),
    ]);
  });

  it('give way to later ones, and are never given to another owner', () => {
    const group = groupOf(false, '', Tags.none);
    owners.forEach((owner, i) => {
      group.note(noteFor(owner, `${i}`));
      expect((group.noteOf(owner) as Owned).text).toBe(`${i}`);
    });
    owners.forEach((owner, i) =>
      expect([undefined, `${i}`]).toContain((group.noteOf(owner) as Owned | undefined)?.text),
    );
  });
});

it('keep no groups of those who have ended with the tags of a series', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const tags = Tags.from({ host: 'a', dc: 'b' });
  const lasting = Dimensions.of(['dc']);
  const group = tags.groupFor(lasting, 'm');
  const ended = Array.from({ length: 40 }, () => {
    const dimensions = Dimensions.of(['host']);
    const made = new WeakRef(tags.groupFor(dimensions, 'm'));
    dimensions.retire();
    return made;
  });
  const alive = () => ended.filter((made) => made.deref() !== undefined).length;
  for (let i = 0; i < 10 && alive() > 2; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    collect();
  }
  expect(alive()).toBeLessThanOrEqual(2);
  expect(tags.groupFor(lasting, 'm')).toBe(group);
});
