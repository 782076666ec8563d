import { beforeEach, describe, expect, test } from 'vitest';
import type { RolloutId } from '../../src/shared/ids.ts';
import type { newRelease } from '../fakes/memory-world.ts';
import { ann, bo } from '../rollout/story.ts';
import { branch, path, theirStory } from './their-story.ts';

let their: ReturnType<typeof theirStory>;
beforeEach(() => {
  their = theirStory();
});

describe('people are asked anew about what was asked about before', () => {
  /** A rollout of its own, and a status that waits for it. */
  async function askedAnew(before: RolloutId | undefined) {
    const rollout = await their.settle();
    expect(rollout?.id).not.toBe(before);
    expect(rollout?.environments[0]?.ask?.grants).toEqual([]);
    expect(their.status()?.description).toBe('Waits for 2 more approvals in Slack');
  }
  let first: RolloutId | undefined;
  let head: string;
  beforeEach(async () => {
    their.move(path);
    their.open('mallory');
    first = (await their.settle())?.id;
    for (const by of [ann, bo]) await their.ask({ kind: 'approve' }, by);
    await their.settle();
    head = their.git.by.headOf(branch);
  });

  test('when it is reopened', async () => {
    their.git.by.close(1, 'mallory');
    expect(await their.settle(3)).toBeUndefined();
    their.git.by.reopen(1);
    await askedAnew(first);
  });

  test.each([
    ['with more in it', () => their.git.by.push(branch, 'README.md', 'smuggled')],
    ['to another release', () => their.move(path, 'al2023@v20261119')],
  ])('when it is pushed %s and back', async (_, push) => {
    their.published.add('al2023@v20261119' as typeof newRelease);
    push();
    expect((await their.settle(3))?.id).not.toBe(first);
    their.git.by.forcePush(branch, head);
    await askedAnew(first);
  });

  test('when it goes to another branch and back', async () => {
    their.git.by.forcePush('other', their.git.by.headOf('main'));
    their.git.by.retarget(1, 'other');
    expect(await their.settle(3)).toBeUndefined();
    their.git.by.retarget(1, 'main');
    await askedAnew(first);
  });

  test('but not after a rejection', async () => {
    await their.ask({ kind: 'reject', reason: 'kernel hang' }, bo);
    await their.settle(3);
    their.git.by.close(1, 'mallory');
    await their.settle();
    their.git.by.reopen(1);
    expect(await their.settle(3)).toBeUndefined();
    expect(their.status()).toMatchObject({ state: 'failure', description: 'Rejected in Slack' });
  });
});

test('what cannot be asked about is looked at again after an hour, and told once', async () => {
  const third = 'al2023@v20261119' as typeof newRelease;
  their.move(path, third);
  their.open('mallory');
  expect(await their.settle()).toBeUndefined();
  const told = their.told.length;
  expect(await their.settle(70)).toBeUndefined();
  expect(their.told).toHaveLength(told);
  their.published.add(third);
  expect((await their.settle(70))?.release).toBe(third);
});
