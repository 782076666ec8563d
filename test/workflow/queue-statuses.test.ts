import { expect, onTestFinished, test } from 'vitest';
import { carryOut } from '../../handlers/carry-out.ts';
import { demoPath } from '../../src/sandbox/demo-world.ts';
import { minute } from '../../src/shared/time.ts';
import { setForeignStatuses } from '../../src/workflow/foreign-statuses.ts';
import { openRollouts } from '../../src/workflow/open-rollouts.ts';
import { httpGitHost } from '../fakes/http-git-host.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { fleetFiles, newRelease, oldRelease, worldAround } from '../fakes/memory-world.ts';
import { ann, bo, noon } from '../rollout/story.ts';
import { lookOnce } from './drive.ts';

const path = demoPath('staging', 'stg');

/** A repository whose branch requires our status and merges by its queue, over HTTP. */
async function start() {
  const clock = manualClock(noon);
  const git = await httpGitHost(clock, fleetFiles());
  onTestFinished(git.close);
  git.there.protect({ requiredChecks: ['amiable/approval'], mergeQueue: { waitMs: minute } });
  const { world } = worldAround(clock, git);
  return {
    world,
    git,
    there: git.there,
    /** Somebody's pull request with one change. */
    proposed(branch: string, file: string, text: string): number {
      git.by.forcePush(branch, git.by.headOf('main'));
      git.by.push(branch, file, text);
      return git.by.open(branch, 'mallory') ?? 0;
    },
    async settle(minutes: number) {
      for (let i = 0; i < minutes; i += 1) {
        await setForeignStatuses(world);
        for (const { id } of await openRollouts(world)) await lookOnce(world, id);
        clock.advance(minute);
      }
    },
    merged: () =>
      there(git)
        .filter(({ merged }) => merged)
        .map(({ number }) => number),
  };
}
const there = ({ there: handle }: Awaited<ReturnType<typeof httpGitHost>>) => handle.pulls();

test('what others put into the queue goes through, though the branch requires our status', async () => {
  const { there: handle, proposed, settle, merged } = await start();
  const [first, second] = [
    proposed('people/1', 'README.md', 'hello'),
    proposed('people/2', 'docs/a.md', 'a'),
  ];
  await settle(1);
  for (const number of [first, second]) handle.enqueue(number);
  await settle(4);
  expect(merged()).toEqual([first, second]);
});

test('each commit of the queue is looked at once', async () => {
  const { world, there: handle, proposed } = await start();
  const number = proposed('people/1', 'README.md', 'hello');
  expect(await setForeignStatuses(world)).toBe(1);
  handle.enqueue(number);
  expect(await setForeignStatuses(world)).toBe(1);
  expect(await setForeignStatuses(world)).toBe(0);
});

test('one that moves a pin waits there for its approvals, behind which others still pass', async () => {
  const { world, git, there: handle, proposed, settle, merged } = await start();
  const pin = proposed('people/bump', path, git.text('main', path).replace(oldRelease, newRelease));
  const other = proposed('people/1', 'README.md', 'hello');
  await settle(2);
  handle.enqueue(other);
  expect(() => handle.enqueue(pin)).toThrow('amiable/approval');
  const [rollout] = await openRollouts(world);
  for (const by of [ann, bo]) {
    const request = { kind: 'approve', environment: 'staging', ask: 1, by } as const;
    await carryOut(world, { ...request, rollout: rollout?.id as never }, `click-${by}`);
  }
  await settle(1);
  handle.enqueue(pin);
  await settle(5);
  expect(merged()).toEqual([pin, other]);
  const [now] = await openRollouts(world);
  expect(now?.environments[0]?.unapprovedMerge).toBeUndefined();
  expect(now?.environments[0]?.phase.name).toBe('rolling');
});

test('a server that knows no queues still has its statuses set', async () => {
  const { world, git, proposed } = await start();
  Object.assign(git.host, { mergeQueue: () => Promise.reject(new Error("doesn't exist")) });
  proposed('people/1', 'README.md', 'hello');
  await setForeignStatuses(world);
  const [pull] = there(git);
  expect(pull?.statuses).toMatchObject([{ name: 'amiable/approval', state: 'success' }]);
});
