import { expect, test } from 'vitest';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { environmentNamed } from '../../src/rollout/rollout.ts';
import {
  after,
  asked,
  given,
  noon,
  opened,
  pullRequest,
  repository,
  staging,
  voided,
} from './story.ts';

const theirs = {
  repository,
  number: 1,
  author: 'octocat',
  pins: [{ path: 'a.yaml', object: '#' }],
};
const openedForTheirs = { ...opened, theirs } as RolloutEvent;
const record = {
  type: 'RecordPullRequest' as const,
  environment: 'staging',
  wave: 'wave-1',
  repository,
  number: 1,
  url: 'https://github.com/acme/gitops/pull/1',
  branch: 'people/bump',
  headSha: 'head',
  before: [],
  now: noon,
};
const left: RolloutEvent = {
  type: 'PullRequestClosed',
  environment: 'staging',
  wave: 'wave-1',
  repository,
  number: 1,
  by: 'amiable',
  leftOpen: true,
  at: noon,
};
const again = [pullRequest('staging'), voided('staging'), left, asked('staging', 2)] as const;

test('somebody else’s pull request is taken up again by the next ask, as one and the same', () => {
  const rollout = given(openedForTheirs, asked('staging'), ...again)
    .when(record)
    .decides('PullRequestOpened');
  const [wave] = environmentNamed(rollout, 'staging')?.waves ?? [];
  expect(wave?.parts).toMatchObject([{ number: 1, headSha: 'head' }]);
  expect(wave?.parts[0]).not.toHaveProperty('closedBy');
  expect(wave?.abandoned).toEqual([]);
});

test('one of ours that was given up is not', () => {
  given(opened, asked('staging'), ...again)
    .when(record)
    .decides();
});

test('the policy does not approve by itself what somebody else wrote', () => {
  const automatic = { ...staging, approval: { ...staging.approval, automatic: 'always' as const } };
  const ask = { ...asked('staging'), policy: automatic } as RolloutEvent;
  const command = { type: 'ApproveAutomatically' as const, environment: 'staging', now: noon };
  given(opened, ask).when(command).decides('ApprovedAutomatically');
  given(openedForTheirs, ask).when(command).decides();
  expect(after(openedForTheirs).theirs).toEqual(theirs);
});
