import { expect, onTestFinished, test } from 'vitest';
import type { Command } from '../../src/rollout/command.ts';
import type { EnvironmentPolicy } from '../../src/rollout/policy.ts';
import type { RepositoryHandle } from '../../src/sandbox/github/repository-handle.ts';
import { ReleaseId } from '../../src/shared/ids.ts';
import { day, minute } from '../../src/shared/time.ts';
import { createSightings } from '../../src/workflow/sightings.ts';
import { httpGitHost } from '../fakes/http-git-host.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { fleetFiles, newRelease, worldAround } from '../fakes/memory-world.ts';
import { ann, bo, noon, policy } from '../rollout/story.ts';
import { lookOnce, standing } from './drive.ts';
import { storyOf } from './fleet-story.ts';

const waitMs = 3 * minute;
const newerRelease = ReleaseId.parse('al2023@v20261125');

function statusOf({ there }: { readonly there: RepositoryHandle }) {
  const [pull] = there.pulls();
  return pull?.statuses.find(({ name }) => name === 'amiable/approval')?.state;
}

const approval = { users: [ann, bo], groups: [], count: 2 };

/** A fleet whose repository merges by its queue, over HTTP: staging is approved and waits there. */
async function inQueue(staging: Partial<EnvironmentPolicy> = {}) {
  const clock = manualClock(noon);
  const git = await httpGitHost(clock, fleetFiles());
  onTestFinished(git.close);
  git.there.protect({ mergeQueue: { waitMs }, requiredChecks: ['amiable/approval'] });
  const told: string[] = [];
  const fleet = await storyOf(
    worldAround(clock, git, {
      fleet: {
        policies: [
          policy('staging', { approval, ...staging }),
          policy('production', { after: ['staging'], approval, waves: [{ clusters: 1 }, 'rest'] }),
        ],
      },
      observe: (point, name) => {
        if (point === 'before') told.push(name);
      },
    }),
  );
  await fleet.approved();
  const look = async () => {
    const rollout = await lookOnce(fleet.world, fleet.id);
    clock.advance(70_000);
    return rollout;
  };
  await look();
  await look();
  const events = async () => {
    const { commits } = await fleet.world.journal.known(fleet.id);
    return commits.flatMap((commit) => commit.events.map(({ type }) => type));
  };
  return { ...fleet, told, look, events, queue: () => git.there.queue() };
}

test('an approved change goes into the queue once, and what the queue merges is verified', async () => {
  const { look, queue, events, told, git } = await inQueue();
  expect(queue()).toHaveLength(1);
  expect(standing(await look())[0]).toBe('staging rolling [merging]');
  for (let i = 0; i < 4; i += 1) await look();
  expect(told.filter((name) => name === 'merge')).toHaveLength(1);
  expect(git.pulls).toMatchObject([{ merged: true, mergedBy: 'github-merge-queue[bot]' }]);
  const all = await events();
  expect(all.filter((type) => type === 'PullRequestEnqueued')).toHaveLength(1);
  expect(all).toContain('MergeVerified');
  expect(all).not.toContain('MergeHeld');
});

test('a head that waits in the queue is given one status, however often it is looked at', async () => {
  const { ask, look, told } = await inQueue();
  const given = () => told.filter((name) => name === 'set-status').length;
  const before = given();
  await look();
  // The commit that the queue made of it.
  expect(given()).toBe(before + 1);
  // Held and put in again, it is vouched for anew.
  await ask({ kind: 'pause', by: ann, reason: 'incident' });
  await look();
  const held = given();
  expect(held).toBeGreaterThan(before + 1);
  await ask({ kind: 'resume', by: ann });
  await look();
  await look();
  expect(given()).toBeGreaterThan(held);
});

test.each(['freeze', 'pause'] as const)('a %s takes it out, and approvals stand', async (kind) => {
  const { ask, look, queue, git, events } = await inQueue();
  await ask({ kind, by: ann, reason: 'incident' });
  expect(standing(await look())[0]).toBe('staging approved [pull-request]');
  expect(queue()).toEqual([]);
  expect(git.pulls).toMatchObject([{ state: 'open', merged: false }]);
  await ask({ kind: kind === 'freeze' ? 'unfreeze' : 'resume', by: ann });
  await look();
  await look();
  expect(queue()).toHaveLength(1);
  expect((await events()).filter((type) => type === 'ApprovalGranted')).toHaveLength(2);
});

const bad = { kind: 'mark-bad', by: ann, release: newRelease, reason: 'the kernel hangs' };
const hold = { kind: 'hold', by: ann, until: noon + day, reason: 'driver certification' };

test.each([
  ['a release that is marked bad', { ...bad, where: {} }],
  ['a release that is marked bad for its cluster', { ...bad, where: { cluster: 'stg' } }],
  ['a cluster that is held', { ...hold, scope: { kind: 'cluster', name: 'stg' } }],
])('%s leaves the queue, and is not merged', async (_, request) => {
  const { ask, look, queue, git } = await inQueue();
  expect((await ask(request)).refusal).toBeUndefined();
  for (let i = 0; i < 5; i += 1) {
    await look();
    expect(queue()).toEqual([]);
  }
  expect(git.pulls).not.toContainEqual(expect.objectContaining({ merged: true }));
  expect(statusOf(git)).toBe('pending');
});

test('approvals that grow too old while it waits are asked for again', async () => {
  const { look, queue, clock, git } = await inQueue({ validForMs: 2 * minute + 30_000 });
  expect(queue()).toHaveLength(1);
  clock.advance(minute);
  expect(standing(await look())[0]).toBe('staging awaiting-approval [pull-request]');
  expect(queue()).toEqual([]);
  expect(git.pulls).toMatchObject([{ state: 'open', merged: false }]);
});

test('a restart while it waits leaves it in the queue', async () => {
  const { world, id, queue, clock } = await inQueue();
  const anew = { ...world, sightings: createSightings() };
  for (let i = 0; i < 2; i += 1) {
    await lookOnce(anew, id);
    expect(queue()).toHaveLength(1);
    clock.advance(30_000);
  }
});

test('a rejection comes in time while it waits, and nothing is merged', async () => {
  const { ask, look, queue, git } = await inQueue();
  const no = {
    kind: 'reject',
    environment: 'staging',
    ask: 1,
    by: ann,
    reason: 'kernel regression',
  };
  expect((await ask(no)).refusal).toBeUndefined();
  for (let i = 0; i < 4; i += 1) await look();
  expect(queue()).toEqual([]);
  expect(git.pulls).toMatchObject([{ state: 'closed', merged: false }]);
});

const endings: readonly (readonly [string, Command])[] = [
  ['that is recalled', { type: 'Recall', reason: 'taken back', now: noon }],
  ['that a newer one follows', { type: 'Supersede', newer: newerRelease, now: noon }],
];

test.each(endings)(
  'a release %s leaves the queue before its pull request is closed',
  async (_, command) => {
    const { world, id, look, queue, told, git } = await inQueue();
    const done = await world.journal.execute(id, command, { actor: { kind: 'amiable' } });
    expect(done.stored).toBe(true);
    told.length = 0;
    for (let i = 0; i < 3; i += 1) await look();
    expect(queue()).toEqual([]);
    expect(told.filter((name) => name === 'dequeue' || name === 'close-pull-request')).toEqual([
      'dequeue',
      'close-pull-request',
    ]);
    expect(git.pulls).toMatchObject([{ state: 'closed', merged: false }]);
    // Whoever reopens it finds nothing of ours that lets it be merged.
    expect(statusOf(git)).toBe('pending');
  },
);

test('a recall that comes while an answer about the queue is lost takes out what may be in it', async () => {
  const { world, id, look, git, clock } = await inQueue();
  git.there.dequeue(1);
  await look();
  clock.advance(25 * minute);
  git.faults.order({
    service: 'github',
    kind: 'lost-reply',
    match: 'enqueuePullRequest',
    times: 1,
  });
  await look();
  expect(git.queue()).toEqual([1]);
  const recall: Command = { type: 'Recall', reason: 'taken back', now: clock.now() };
  await world.journal.execute(id, recall, { actor: { kind: 'amiable' } });
  for (let i = 0; i < 3; i += 1) await look();
  expect(git.queue()).toEqual([]);
  expect(git.pulls).toMatchObject([{ state: 'closed', merged: false }]);
});

test('a recall that comes when GitHub has merged already is followed by the nodes', async () => {
  const { world, id, look, clock, events } = await inQueue();
  await look();
  clock.advance(10 * minute);
  const recall: Command = { type: 'Recall', reason: 'taken back', now: clock.now() };
  await world.journal.execute(id, recall, { actor: { kind: 'amiable' } });
  await look();
  expect(await events()).toContain('PullRequestMerged');
  expect(standing(await look())[0]).toBe('staging withdrawn [syncing]');
});

test('what the queue gave back is told, and put in again only after a while', async () => {
  const { look, queue, git, clock, events } = await inQueue();
  git.there.dequeue(1);
  expect(standing(await look())[0]).toBe('staging approved [pull-request]');
  expect(await events()).toContain('MergeHeld');
  await look();
  expect(queue()).toEqual([]);
  clock.advance(25 * minute);
  await look();
  expect(queue()).toHaveLength(1);
});

test('an unrelated push to the base changes the queue and costs no approval', async () => {
  const { look, git, events } = await inQueue();
  git.by.push('main', 'docs/note.md', 'note\n');
  for (let i = 0; i < 5; i += 1) await look();
  expect(git.pulls).toMatchObject([{ merged: true }]);
  expect(await events()).not.toContain('ApprovalsVoided');
});

test('a change of the class while it waits takes it out, and people are asked again', async () => {
  const { look, git, queue, events } = await inQueue();
  const path = 'clusters/staging/stg/karpenter/nodeclass.yaml';
  const text = git.text('main', path);
  expect(text).not.toBe('');
  git.by.push('main', path, text.replace(/role: ".*"/, 'role: "Other"'));
  await look();
  await look();
  expect(queue()).toEqual([]);
  expect(git.pulls.some(({ merged }) => merged)).toBe(false);
  expect(await events()).toContain('ApprovalsVoided');
});

test('a merge in the moment of the rejection is on record as one without approval', async () => {
  const { ask, look, clock, world, id } = await inQueue();
  await look();
  await ask({ kind: 'reject', environment: 'staging', ask: 1, by: ann, reason: 'regression' });
  clock.advance(10 * minute);
  await look();
  const { commits } = await world.journal.known(id);
  const merged = commits.flatMap(({ events }) =>
    events.filter((e) => e.type === 'PullRequestMerged'),
  );
  expect(merged).toMatchObject([{ approved: false, by: 'github-merge-queue[bot]' }]);
});

test('a lost answer to taking it out is asked for again before anybody is told', async () => {
  const { ask, look, queue, git, events } = await inQueue();
  git.faults.order({
    service: 'github',
    kind: 'lost-reply',
    match: 'dequeuePullRequest',
    times: 1,
  });
  await ask({ kind: 'pause', by: ann });
  await look();
  expect(await events()).not.toContain('MergeHeld');
  await look();
  expect(await events()).toContain('MergeHeld');
  expect(queue()).toEqual([]);
});
