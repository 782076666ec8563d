import { beforeEach, describe, expect, test } from 'vitest';
import { carryOut } from '../../handlers/carry-out.ts';
import type { PersonRequest } from '../../handlers/person-request.ts';
import type { EnvironmentPolicy } from '../../src/rollout/policy.ts';
import type { RolloutId, SlackUserId } from '../../src/shared/ids.ts';
import { day, hour, minute } from '../../src/shared/time.ts';
import { detect } from '../../src/workflow/detect.ts';
import { noteTurn, tooEarly } from '../../src/workflow/pacing.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { ann, bo, cy, noon } from '../rollout/story.ts';
import { lookOnce, standing } from './drive.ts';

let fleet: ReturnType<typeof memoryWorld>;
let id: RolloutId;
let clicks = 0;

beforeEach(() => {
  fleet = memoryWorld({ counts: 1 });
});

/** The rules of staging, as the configuration has them from now on. */
function rules(changes: Partial<EnvironmentPolicy>): void {
  const { fleet: configured } = fleet.world;
  const policies = configured.policies.map((policy) =>
    policy.name === 'staging' ? { ...policy, ...changes } : policy,
  );
  fleet.world = { ...fleet.world, fleet: { ...configured, policies } };
}

async function opened(changes: Partial<EnvironmentPolicy>): Promise<void> {
  rules(changes);
  const { rollout } = await detect(fleet.world);
  if (rollout === undefined) throw new Error('nothing was opened');
  id = rollout;
  await lookOnce(fleet.world, id);
}

function ask(request: object) {
  clicks += 1;
  return carryOut(fleet.world, { rollout: id, ...request } as PersonRequest, `click-${clicks}`);
}
const approve = (by: SlackUserId, number = 1) =>
  ask({ kind: 'approve', environment: 'staging', ask: number, by });

async function settle(minutes = 5) {
  for (let i = 0; i < minutes; i += 1) {
    await lookOnce(fleet.world, id);
    fleet.clock.advance(minute);
  }
  return standing(await lookOnce(fleet.world, id))[0];
}

describe('one of platform and one of sre', () => {
  const sets = [
    { name: 'platform', users: [ann, bo], groups: [], count: 1 },
    { name: 'sre', users: [bo, cy], groups: [], count: 1 },
  ];
  const approval = { users: [ann, bo, cy], groups: [], count: 2, sets };

  beforeEach(async () => {
    fleet.approvers.add(cy);
    await opened({ approval });
  });

  test('somebody in both counts for the one still missing, up to the merge', async () => {
    await approve(bo);
    expect(await settle()).toBe('staging awaiting-approval [waiting]');
    await approve(ann);
    expect(await settle()).toBe('staging rolling [syncing]');
  });

  test('two who count for the same set do not', async () => {
    await approve(ann);
    const { rollout } = await approve(ann);
    expect(rollout?.environments[0]?.ask?.grants).toEqual([
      expect.objectContaining({ by: ann, sets: [0] }),
    ]);
    expect(await settle()).toBe('staging awaiting-approval [waiting]');
  });
});

test('two last approvals at the same instant start it once, and both are told what is true', async () => {
  await opened({ approval: { users: [ann, bo, cy], groups: [], count: 2 } });
  fleet.approvers.add(cy);
  await approve(ann);
  const [first, second] = await Promise.all([approve(bo), approve(cy)]);
  const outcomes = [first, second].map(({ stored, refusal }) => ({ stored, code: refusal?.code }));
  expect(outcomes).toContainEqual({ stored: true, code: undefined });
  // The other one came too late, and is told so with the name of who was first; that is on record too.
  const late = [first, second].find(({ refusal }) => refusal !== undefined);
  expect(late?.refusal).toMatchObject({ code: 'already-decided' });
  expect([bo, cy]).toContain(late?.refusal?.by);
  await settle();
  const { commits } = await fleet.world.journal.refresh(id);
  const started = commits
    .flatMap(({ events }) => events)
    .filter(({ type }) => type === 'MergeStarted');
  expect(started).toHaveLength(1);
});

test('an environment with a policy that approves everything asks nobody', async () => {
  await opened({ approval: { users: [ann], groups: [], count: 1, automatic: 'always' } });
  expect(await settle()).toBe('staging rolling [syncing]');
});

test('a low risk needs nobody, once it is known', async () => {
  await opened({ approval: { users: [ann], groups: [], count: 1, automatic: 'low-risk' } });
  expect(await settle()).toBe('staging rolling [syncing]');
});

describe('a window', () => {
  const window = { cron: '0 14 * * *', durationMs: hour, timeZone: 'UTC' };

  test('opens the pull request at once, and merges it when it opens', async () => {
    await opened({ window });
    await approve(ann);
    expect(await settle(20)).toBe('staging approved [pull-request]');
    expect([...fleet.world.sightings(id).hours.values()]).toEqual([
      { open: false, because: 'window', opensAt: noon + 2 * hour },
    ]);
    fleet.clock.advance(noon + 2 * hour - fleet.clock.now());
    expect(await settle()).toBe('staging rolling [syncing]');
  });

  test('that opens while everything is frozen is not said to be closed', async () => {
    await opened({ window });
    await approve(ann);
    await settle(20);
    await ask({ kind: 'freeze', by: ann, reason: 'incident' });
    fleet.clock.advance(noon + 2 * hour - fleet.clock.now());
    expect(await settle()).toBe('staging approved [pull-request]');
    expect([...fleet.world.sightings(id).hours.values()]).toEqual([]);
  });

  test('that would close before the last node is not used, and a forecast nobody has is named', async () => {
    await opened({ window: { ...window, finishBefore: true } });
    fleet.world = { ...fleet.world, forecast: async () => 2 * hour };
    await approve(ann);
    fleet.clock.advance(2 * hour);
    expect(await settle()).toBe('staging approved [pull-request]');
    expect([...fleet.world.sightings(id).hours.values()]).toEqual([
      { open: false, because: 'forecast' },
    ]);
    fleet.world = { ...fleet.world, forecast: async () => undefined };
    expect(await settle()).toBe('staging rolling [syncing]');
  });
});

test('a freeze written after the approval holds the merge, and costs nobody an approval', async () => {
  await opened({});
  await approve(ann);
  rules({ freezes: [{ from: '2026-11-20', to: '2026-11-20', timeZone: 'UTC', reason: 'peak' }] });
  expect(await settle(10)).toBe('staging approved [pull-request]');
  fleet.clock.advance(12 * hour);
  expect(await settle()).toBe('staging rolling [syncing]');
});

describe('a cadence', () => {
  const other = async () => {
    const { rollout } = await fleet.world.journal.known(id);
    if (rollout === undefined) throw new Error('nothing is known');
    return { ...rollout, id: `${id.slice(0, -1)}z` as RolloutId };
  };

  test.each([
    ['weekly', noon + 7 * day],
    ['monthly', Date.UTC(2026, 11, 20, 12)],
  ] as const)('%s lets the next release begin then, and this one go on', async (cadence, next) => {
    await opened({ cadence });
    const mine = { ...(await other()), id };
    await noteTurn(fleet.world, mine, 'staging');
    expect(await tooEarly(fleet.world, mine, 'staging')).toBeUndefined();
    expect(await tooEarly(fleet.world, await other(), 'staging')).toEqual({
      until: next,
      because: 'cadence',
    });
    fleet.clock.advance(next - noon);
    expect(await tooEarly(fleet.world, await other(), 'staging')).toBeUndefined();
  });
});

test.each([
  ['skips it for a fix of a critical CVE', { skipsCadence: true as const }, 'critical', undefined],
  ['keeps it where the policy says nothing', {}, 'critical', 'cadence'],
  ['keeps it for a lesser fix', { skipsCadence: true as const }, 'important', 'cadence'],
])('the fast lane of a cadence %s', async (_, lane, severity, because) => {
  const expedite = { users: [ann, bo], groups: [], count: 2, soakMs: minute, ...lane };
  const security = { status: 'checked', fixed: [{ id: 'CVE-2026-0001', severity }] };
  const analyse = async () => ({ analysis: { risk: { level: 'low' as const }, security } });
  fleet.world = { ...fleet.world, analyst: { ...fleet.world.analyst, analyse } };
  await opened({ cadence: 'weekly', expedite });
  const { rollout: earlier } = await fleet.world.journal.known(id);
  if (earlier === undefined) throw new Error('nothing is known');
  // Another release began a day ago.
  await noteTurn(fleet.world, { ...earlier, id: `${id.slice(0, -1)}z` as RolloutId }, 'staging');
  fleet.clock.advance(day);
  await lookOnce(fleet.world, id);
  const { rollout } = await fleet.world.journal.known(id);
  if (rollout === undefined) throw new Error('nothing is known');
  expect((await tooEarly(fleet.world, rollout, 'staging'))?.because).toBe(because);
});

test('a young release is asked about when it is old enough, or when the rules let it be younger', async () => {
  await opened({ minimumAgeMs: 2 * day });
  expect(await settle()).toBe('staging waiting [waiting]');
  const { rollout } = await fleet.world.journal.known(id);
  expect(rollout?.environments[0]?.deferred).toMatchObject({ because: 'minimum-age' });
  rules({ minimumAgeMs: 0 });
  expect(await settle(6)).toBe('staging awaiting-approval [waiting]');
});

test('a rollback with the tick also marks the release bad, for the clusters it names, once and also after a crash', async () => {
  await opened({});
  await approve(ann);
  await settle();
  fleet.sync('stg');
  fleet.replace('stg');
  await settle();
  const request = {
    kind: 'roll-back',
    by: ann,
    reason: 'kernel hang in payments',
    clusters: ['stg'],
    markBad: true,
  };
  const { append } = fleet.store.global;
  const dies = async () => {
    throw new Error('killed between the two decisions');
  };
  Object.assign(fleet.store.global, { append: dies });
  await expect(ask(request)).rejects.toThrow('killed');
  Object.assign(fleet.store.global, { append });
  clicks -= 1;
  expect((await ask(request)).refusal).toBeUndefined();
  clicks -= 1;
  await ask(request);
  const events = (await fleet.store.global.load('global')).flatMap((commit) => commit.events);
  expect(events).toEqual([
    expect.objectContaining({ type: 'ReleaseMarkedBad', cluster: 'stg', by: ann }),
  ]);
});
