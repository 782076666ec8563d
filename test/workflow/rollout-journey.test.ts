import { beforeEach, expect, test } from 'vitest';
import { carryOut } from '../../handlers/carry-out.ts';
import type { PersonRequest } from '../../handlers/person-request.ts';
import { demoPath } from '../../src/sandbox/demo-world.ts';
import type { RolloutId, SlackUserId } from '../../src/shared/ids.ts';
import { day, hour, minute } from '../../src/shared/time.ts';
import { detect } from '../../src/workflow/detect.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { ann, bo, cy } from '../rollout/story.ts';
import { lookOnce, standing } from './drive.ts';

let fleet: ReturnType<typeof memoryWorld>;
let id: RolloutId;
let clicks = 0;

beforeEach(async () => {
  fleet = memoryWorld();
  const found = await detect(fleet.world);
  if (found.rollout === undefined) throw new Error('nothing was opened');
  id = found.rollout;
  await lookOnce(fleet.world, id);
});

function ask(request: object) {
  clicks += 1;
  return carryOut(fleet.world, { rollout: id, ...request } as PersonRequest, `click-${clicks}`);
}
const approve = (environment: string, by: SlackUserId, number = 1) =>
  ask({ kind: 'approve', environment, ask: number, by });

async function approved(environment: string): Promise<void> {
  await approve(environment, ann);
  await approve(environment, bo);
}

/** Looks again and again, a minute apart, until nothing changes any more. */
async function settle(minutes = 5) {
  for (let i = 0; i < minutes; i += 1) {
    await lookOnce(fleet.world, id);
    fleet.clock.advance(minute);
  }
  return lookOnce(fleet.world, id);
}

async function rolled(clusters: readonly string[]) {
  for (const cluster of clusters) {
    fleet.sync(cluster);
    fleet.replace(cluster);
  }
  await settle();
  fleet.clock.advance(hour);
  // A soak counts only what was seen: looked at every minute, as the service does.
  return settle(70);
}

test('a release goes from detection to the last node, environment by environment, wave by wave', async () => {
  expect(standing(await lookOnce(fleet.world, id))).toEqual([
    'staging awaiting-approval [waiting]',
    'production waiting [waiting waiting]',
  ]);
  await approved('staging');
  expect(standing(await settle())[0]).toBe('staging rolling [syncing]');
  expect(fleet.git.text('main', demoPath('staging', 'stg'))).toContain(
    'alias: al2023@v20261118 # moved',
  );
  const staged = await rolled(['stg']);
  expect(standing(staged)).toEqual([
    'staging complete [complete]',
    'production awaiting-approval [waiting waiting]',
  ]);
  await approved('production');
  expect(standing(await settle())[1]).toBe('production rolling [syncing waiting]');
  expect(standing(await rolled(['prod-a']))[1]).toBe('production rolling [complete syncing]');
  const done = await rolled(['prod-b']);
  expect(standing(done)[1]).toBe('production complete [complete complete]');
  expect(done.outcome?.name).toBe('complete');
  expect(fleet.git.pulls.map(({ merged }) => merged)).toEqual([true, true, true]);
});

test('somebody without rights changes nothing', async () => {
  const { refusal } = await approve('staging', cy);
  expect(refusal?.code).toBe('not-an-approver');
  expect(standing(await settle())[0]).toBe('staging awaiting-approval [waiting]');
  expect(fleet.git.pulls).toHaveLength(0);
});

test('when Slack cannot say who somebody is, nobody is let through, at the click and at the merge', async () => {
  await approved('staging');
  fleet.setSlackKnows(false);
  expect((await approve('staging', cy)).refusal?.code).toBe('cannot-check');
  expect(standing(await settle())[0]).toBe('staging approved [pull-request]');
  fleet.setSlackKnows(true);
  expect(standing(await settle())[0]).toBe('staging rolling [syncing]');
});

test('an approver who left before the merge drops out, and somebody else has to approve', async () => {
  await approved('staging');
  fleet.approvers.delete(bo);
  const rollout = await settle();
  expect(standing(rollout)[0]).toBe('staging awaiting-approval [pull-request]');
  expect(rollout.environments[0]?.ask?.grants.map(({ by }) => by)).toEqual([ann]);
});

test('a freeze holds every forward merge, and an unfreeze lets it go on', async () => {
  await ask({ kind: 'freeze', by: ann, reason: 'black friday' });
  await approved('staging');
  expect(standing(await settle())[0]).toBe('staging approved [pull-request]');
  await ask({ kind: 'unfreeze', by: ann });
  expect(standing(await settle())[0]).toBe('staging rolling [syncing]');
});

test('a commit by somebody else on the branch voids the approvals and it is asked again', async () => {
  fleet.git.checks.push({ name: 'ci', state: 'pending', required: true });
  await approved('staging');
  await settle();
  const branch = fleet.git.pulls[0]?.branch ?? '';
  fleet.git.by.push(branch, 'other.yaml', 'x: 1');
  fleet.git.checks[0] = { name: 'ci', state: 'success', required: true };
  const rollout = await settle();
  expect(standing(rollout)[0]).toBe('staging awaiting-approval [waiting]');
  expect(rollout.environments[0]?.asks).toBe(2);
  expect(fleet.git.pulls[0]?.state).toBe('closed');
  await approve('staging', ann, 2);
  await approve('staging', bo, 2);
  expect(standing(await settle())[0]).toBe('staging rolling [syncing]');
  expect(fleet.git.text('main', 'other.yaml')).toBe('');
});

test('an unrelated edit of the same file costs nobody a new approval', async () => {
  fleet.git.checks.push({ name: 'ci', state: 'pending', required: true });
  await approved('staging');
  await settle();
  const path = demoPath('staging', 'stg');
  fleet.git.by.push(
    'main',
    path,
    fleet.git.text('main', path).replace('consolidateAfter: 1h', 'consolidateAfter: 2h'),
  );
  fleet.git.checks[0] = { name: 'ci', state: 'success', required: true };
  expect(standing(await settle())[0]).toBe('staging rolling [syncing]');
  const text = fleet.git.text('main', path);
  expect(text).toContain('consolidateAfter: 2h');
  expect(text).toContain('al2023@v20261118');
});

test('a change inside the node class voids the approvals', async () => {
  fleet.git.checks.push({ name: 'ci', state: 'pending', required: true });
  await approved('staging');
  await settle();
  const path = demoPath('staging', 'stg');
  fleet.git.by.push(
    'main',
    path,
    fleet.git.text('main', path).replace('KarpenterNodeRole-stg', 'AdminRole'),
  );
  fleet.git.checks[0] = { name: 'ci', state: 'success', required: true };
  const rollout = await settle();
  expect(standing(rollout)[0]).toBe('staging awaiting-approval [waiting]');
  expect(rollout.environments[0]?.voided?.because).toBe('change-moved');
});

test('a pin moved by hand: the rollout yields and closes its pull request', async () => {
  fleet.git.checks.push({ name: 'ci', state: 'pending', required: true });
  await approved('staging');
  await settle();
  const path = demoPath('staging', 'stg');
  fleet.git.by.push('main', path, fleet.git.text('main', path).replace('v20261021', 'v20261118'));
  const rollout = await settle();
  expect(rollout.outcome?.name).toBe('overtaken');
  expect(fleet.git.pulls[0]?.state).toBe('closed');
});

test('a pull request closed by hand ends it', async () => {
  fleet.git.checks.push({ name: 'ci', state: 'pending', required: true });
  await approved('staging');
  await settle();
  fleet.git.by.close(1, 'octocat');
  expect((await settle()).outcome?.name).toBe('closed');
});

test('a merge by hand without approvals is followed, and promotion waits', async () => {
  fleet.git.checks.push({ name: 'ci', state: 'pending', required: true });
  await approved('staging');
  await settle();
  fleet.approvers.delete(bo);
  fleet.git.checks[0] = { name: 'ci', state: 'success', required: true };
  await settle();
  fleet.git.by.merge(1, 'octocat');
  const merged = await settle();
  expect(merged.environments[0]?.unapprovedMerge?.by).toBe('octocat');
  const soaked = await rolled(['stg']);
  expect(standing(soaked)[1]).toBe('production waiting [waiting waiting]');
  await ask({ kind: 'accept-merge', environment: 'staging', by: ann });
  expect(standing(await settle())[1]).toBe('production awaiting-approval [waiting waiting]');
});

test('rolling back while nodes turn takes the pins back to what was proven before', async () => {
  await approved('staging');
  await settle();
  fleet.sync('stg');
  fleet.replace('stg', 1);
  await settle();
  const { refusal } = await ask({ kind: 'roll-back', by: ann, reason: 'kernel hang in payments' });
  expect(refusal).toBeUndefined();
  expect(standing(await settle())[0]).toBe('staging rolling [rolled-back] back syncing');
  expect(fleet.git.text('main', demoPath('staging', 'stg'))).toContain('al2023@v20261021');
  expect(fleet.git.headlines).toEqual([
    'Move node images to al2023@v20261118',
    'Move node images back to al2023@v20261021',
  ]);
  fleet.sync('stg');
  fleet.replace('stg');
  const back = await settle(10);
  expect(standing(back)).toEqual([
    'staging rolled-back [rolled-back] back complete',
    'production closed [closed closed]',
  ]);
  expect(back.outcome?.name).toBe('rolled-back');
});

test('a paused rollout can be rolled back, and so can a frozen one', async () => {
  await approved('staging');
  await settle();
  fleet.sync('stg');
  fleet.replace('stg', 1);
  await settle();
  await ask({ kind: 'pause', by: ann });
  await ask({ kind: 'freeze', by: ann, reason: 'incident 12' });
  fleet.setSlackKnows(true);
  await ask({ kind: 'roll-back', by: bo, reason: 'kernel hang in payments' });
  fleet.setSlackKnows(false);
  expect(standing(await settle())[0]).toBe('staging rolling [rolled-back] back syncing');
});

test('a cluster that cannot be seen is not healthy: the soak does not end', async () => {
  await approved('staging');
  await settle();
  fleet.sync('stg');
  fleet.replace('stg');
  await settle();
  fleet.unreachable.add('stg');
  expect(standing(await settle(120))[0]).toBe('staging rolling [soaking]');
  fleet.unreachable.delete('stg');
  expect(standing(await settle(70))[0]).toBe('staging complete [complete]');
});

test('an Argo CD that does not answer is not healthy either', async () => {
  await approved('staging');
  await settle();
  fleet.sync('stg');
  fleet.replace('stg');
  await settle();
  fleet.argoDown.add('stg');
  expect(standing(await settle(120))[0]).toBe('staging rolling [soaking]');
  fleet.argoDown.delete('stg');
  expect(standing(await settle(70))[0]).toBe('staging complete [complete]');
});

test('a node that falls back to the old image breaks the soak, and it starts again when all is well', async () => {
  await approved('staging');
  await settle();
  fleet.sync('stg');
  fleet.replace('stg');
  await settle();
  const nodes = fleet.running.get('stg') ?? [];
  fleet.running.set(
    'stg',
    nodes.map((node, i) => (i === 0 ? { ...node, ready: false } : node)),
  );
  const broken = await settle();
  expect(standing(broken)[0]).toBe('staging rolling [replacing]');
  expect(broken.environments[0]?.waves[0]?.stalled?.blockers[0]).toContain('1 of 3 nodes to go');
  fleet.running.set('stg', nodes);
  expect(standing(await settle())[0]).toBe('staging rolling [soaking]');
});

test('the same release is not offered twice, and a rejected one not again', async () => {
  expect((await detect(fleet.world)).opened).toBe(false);
  await ask({
    kind: 'reject',
    environment: 'staging',
    ask: 1,
    by: ann,
    reason: 'kernel hang, see 9123',
  });
  expect((await settle()).outcome?.name).toBe('rejected');
  const again = await detect(fleet.world);
  expect(again.opened).toBe(false);
  expect(again.waits).toMatch(/^its rollout \w+ was rejected; it is not offered again$/);
});

test('a release whose ask expired is offered again, and until then it is said when', async () => {
  const { clock, world } = fleet;
  for (let i = 0; i < 20 && (await settle()).outcome === undefined; i += 1) clock.advance(day);
  expect((await settle()).outcome?.name).toBe('expired');
  const { waits } = await detect(world);
  expect(waits).toContain('expired before enough people approved; it is offered again from 20');
  clock.advance(8 * day);
  expect((await detect(world)).opened).toBe(true);
});

test('a newer release supersedes one that has not merged', async () => {
  fleet.published.add('al2023@v20261125' as never);
  const found = await detect(fleet.world);
  expect(found.opened).toBe(true);
  expect((await settle()).outcome).toMatchObject({ name: 'superseded', by: 'al2023@v20261125' });
});
