import { expect, test } from 'vitest';
import { fleetStory } from './fleet-story.ts';

test('a pull request that was merged into another branch brought nothing, and is an alarm', async () => {
  const { approved, git, settle } = await fleetStory();
  git.checks.push({ name: 'ci', state: 'pending', required: true });
  await approved();
  await settle(2);
  git.by.forcePush('other', git.by.headOf('main'));
  git.by.retarget(1, 'other');
  git.by.merge(1, 'octocat');
  const { environments } = await settle(2);
  expect(environments[0]).toMatchObject({
    phase: { name: 'failed' },
    differs: { detail: '#1 in acme/gitops was merged into other, where no pin is read from' },
  });
});
