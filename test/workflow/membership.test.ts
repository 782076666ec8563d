import { expect, test } from 'vitest';
import { carryOut } from '../../handlers/carry-out.ts';
import type { DecisionRule } from '../../src/rollout/policy.ts';
import type { Authority } from '../../src/rollout/refusal.ts';
import { environmentNamed } from '../../src/rollout/rollout.ts';
import { SlackGroupId, type SlackUserId } from '../../src/shared/ids.ts';
import { detect } from '../../src/workflow/detect.ts';
import { standingApprovals } from '../../src/workflow/standing-approvals.ts';
import type { World } from '../../src/workflow/world.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { ann, bo } from '../rollout/story.ts';
import { lookOnce } from './drive.ts';

const rota = SlackGroupId.parse('S0ROTA');
const team = SlackGroupId.parse('S0TEAM');

/** Two groups, of which the rota is looked at at the click only; both approved as its or the team's members. */
async function approved({ atClick = true } = {}) {
  const members = new Map<SlackGroupId, readonly SlackUserId[]>([
    [rota, [ann]],
    [team, [bo]],
  ]);
  const is = { slackDown: false, gone: new Set<SlackUserId>() };
  const fleet = memoryWorld();
  const world: World = {
    ...fleet.world,
    fleet: {
      ...fleet.world.fleet,
      ...(atClick ? { atClickGroups: [rota] } : {}),
      policies: fleet.world.fleet.policies.map((policy) => ({
        ...policy,
        approval: { users: [], groups: [rota, team], count: 2 },
      })),
    },
    people: {
      ...fleet.world.people,
      async authority(person: SlackUserId, { users, groups }: DecisionRule): Promise<Authority> {
        if (is.slackDown) return 'unknown';
        if (is.gone.has(person)) return 'guest-or-bot';
        const listed = groups.some((group) => members.get(group)?.includes(person) === true);
        return listed || users.includes(person) ? 'yes' : 'no';
      },
    },
  };
  const { rollout: id } = await detect(world);
  if (id === undefined) throw new Error('nothing was opened');
  await lookOnce(world, id);
  for (const by of [ann, bo]) {
    const ask = { rollout: id, environment: 'staging', ask: 1, by } as const;
    await carryOut(world, { kind: 'approve', ...ask }, `click:${by}`);
  }
  const standing = async () => {
    const { rollout } = await world.journal.known(id);
    const staging = rollout === undefined ? undefined : environmentNamed(rollout, 'staging');
    if (staging === undefined) throw new Error('staging is gone');
    return standingApprovals(world, staging);
  };
  return { ...fleet, world, id, members, is, standing };
}

test('who was in the rota at the click counts at the merge, also after Monday', async () => {
  const { members, standing, world, id } = await approved();
  members.set(rota, []);
  expect(await standing()).toMatchObject({ kind: 'standing', people: [ann, bo] });
  const { commits } = await world.journal.known(id);
  const grants = commits
    .flatMap(({ events }) => events)
    .filter((e) => e.type === 'ApprovalGranted');
  expect(grants).toMatchObject([{ by: ann, atClick: [rota] }, { by: bo }]);
  expect(grants[1]).not.toHaveProperty('atClick');
});

test('who left a group that is looked at at the merge does not', async () => {
  const { members, standing } = await approved();
  members.set(team, []);
  expect(await standing()).toEqual({ kind: 'gone', people: [bo] });
});

test('without the setting every group is looked at at the merge', async () => {
  const { members, standing } = await approved({ atClick: false });
  members.set(rota, []);
  expect(await standing()).toEqual({ kind: 'gone', people: [ann] });
});

test('an account that was deactivated since counts for nothing, whatever it was in', async () => {
  const { is, standing } = await approved();
  is.gone.add(ann);
  expect(await standing()).toEqual({ kind: 'gone', people: [ann] });
});

test('while Slack cannot say nobody is let through forward', async () => {
  const { is, standing } = await approved();
  is.slackDown = true;
  expect(await standing()).toEqual({ kind: 'unknown' });
});

test('a group that is at-merge again by now is looked at at the merge', async () => {
  const { members, world, id } = await approved();
  members.set(rota, []);
  const { rollout } = await world.journal.known(id);
  const staging = rollout === undefined ? undefined : environmentNamed(rollout, 'staging');
  if (staging === undefined) throw new Error('staging is gone');
  const now = { ...world, fleet: { ...world.fleet, atClickGroups: [] } };
  expect(await standingApprovals(now, staging)).toEqual({ kind: 'gone', people: [ann] });
});
