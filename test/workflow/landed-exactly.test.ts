import { beforeEach, describe, expect, test } from 'vitest';
import type { RolloutId } from '../../src/shared/ids.ts';
import { newRelease } from '../fakes/memory-world.ts';
import { ann, bo } from '../rollout/story.ts';
import { branch, path, theirStory } from './their-story.ts';

let their: ReturnType<typeof theirStory>;
beforeEach(() => {
  their = theirStory();
});

describe('somebody’s pull request of several commits', () => {
  /** Commits each of which is half of the way: no one of them is what was approved. */
  const inTwo = () => {
    their.move(path, 'al2023@v20261110');
    their.git.by.push(
      branch,
      path,
      their.git.text(branch, path).replace(/al2023@v\d+/, newRelease),
    );
  };
  async function approved() {
    their.open('mallory');
    await their.settle();
    for (const by of [ann, bo]) await their.ask({ kind: 'approve' }, by);
    await their.settle();
    expect(their.status()?.state).toBe('success');
  }
  /** What became of it, once what is set up so far was done. */
  const verified = async () => {
    const { id } = (await their.rollout()) ?? {};
    await their.settle();
    const { commits } = await their.world.journal.refresh(id as RolloutId);
    const types = commits.flatMap(({ events }) => events.map(({ type }) => type));
    return types.filter((type) => type === 'MergeVerified' || type === 'MergeDiffers');
  };

  test('that is rebased is what was approved, whatever was merged before it', async () => {
    inTwo();
    await approved();
    their.git.by.push('main', 'docs/other.md', 'hello');
    their.git.by.merge(1, 'mallory', 'rebase');
    expect(await verified()).toEqual(['MergeVerified']);
  });

  test('that is rebased is not where one of them came after the look', async () => {
    inTwo();
    await approved();
    their.git.by.push(branch, 'README.md', 'smuggled');
    their.git.by.merge(1, 'mallory', 'rebase');
    expect(await verified()).toEqual(['MergeDiffers']);
  });

  test('that is rebased is not where only the last of them is', async () => {
    their.move(path);
    await approved();
    const { by, text } = their.git;
    by.forcePush('aside', by.headOf('main'));
    by.push('aside', 'README.md', 'smuggled');
    by.push('aside', path, text(branch, path));
    by.forcePush(branch, by.headOf('aside'));
    by.merge(1, 'mallory', 'rebase');
    expect(await verified()).toEqual(['MergeDiffers']);
  });

  test('that is squashed, and takes back what somebody else had merged, is no rebase', async () => {
    const before = their.git.by.headOf('main');
    their.git.by.push('main', 'docs/fix.md', 'fixed');
    their.git.by.forcePush(branch, their.git.by.headOf('main'));
    their.move(path);
    await approved();
    their.git.by.remove(branch, 'docs/fix.md');
    their.git.by.merge(1, 'mallory');
    const { files } = await their.git.host.compare(
      their.git.repository,
      before,
      their.git.by.headOf('main'),
    );
    expect(files.map((one) => one.path)).toEqual([path]);
    expect(await verified()).toEqual(['MergeDiffers']);
  });
});
