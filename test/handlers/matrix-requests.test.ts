import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { carryOut } from '../../handlers/carry-out.ts';
import type { PersonRequest } from '../../handlers/person-request.ts';
import { isGlobal } from '../../handlers/person-request.ts';
import { decisionLines } from '../../src/audit/decision-line.ts';
import { ReleaseId, SlackGroupId, SlackUserId } from '../../src/shared/ids.ts';
import { day, minute } from '../../src/shared/time.ts';
import { startDesk } from './desk.ts';
import { pressed } from './payloads.ts';

// `matrix.test.ts` has every path to an approval and a rejection; here is every other thing that somebody can ask for.

type Desk = Awaited<ReturnType<typeof startDesk>>;
const wait = { timeout: 15_000 };
const strangers = [
  { kind: 'an outsider', user: 'U0CY', no: 'not-an-approver' },
  { kind: 'a guest', user: 'U0GUEST', no: 'guest-or-bot' },
  { kind: 'somebody of another workspace', user: 'U0OTHER', no: 'guest-or-bot' },
  { kind: 'a stranger Slack does not know', user: 'U0STRANGER', no: 'cannot-check' },
  { kind: 'a bot', user: 'U0ROBOT', no: 'guest-or-bot' },
  { kind: 'somebody deactivated', user: 'U0GONE', no: 'guest-or-bot' },
] as const;

/** Two approved it, and it waits for a press of Merge. */
async function toBeMerged(ask: Parameters<typeof startDesk>[0] = {}): Promise<Desk> {
  const desk = await startDesk({ pullRequest: { merge: 'by-button' }, ...ask });
  for (const user of ['U0ANN', 'U0BO']) await desk.press(user, 'approve');
  await vi.waitFor(async () => {
    expect((await desk.known()).rollout.environments[0]?.phase.name).toBe('approved');
  }, wait);
  await desk.look();
  desk.clock.advance(minute);
  await desk.look();
  expect(desk.git.pulls).toMatchObject([{ merged: false }]);
  return desk;
}

async function linesOf(desk: Desk, user: string): Promise<readonly string[]> {
  const { commits } = await desk.world.journal.refresh(desk.id);
  return decisionLines(desk.id, commits)
    .filter(({ slack }) => slack === user)
    .map(({ what, reason = '' }) => `${what} ${reason}`.trim());
}

describe('a press of Merge', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await toBeMerged();
  }, 60_000);
  afterAll(() => desk.close());

  test.each(strangers)('by $kind merges nothing, and is on record', async ({ user, no }) => {
    await desk.forge(pressed(desk, user, { verb: 'merge' }));
    await expect.poll(() => linesOf(desk, user), wait).toEqual([`ApprovalRefused ${no}`]);
    await desk.look();
    expect(desk.git.pulls).toMatchObject([{ merged: false }]);
  });

  test('of another ask merges nothing', async () => {
    await desk.forge(pressed(desk, 'U0BO', { verb: 'merge', ask: 7 }));
    await expect
      .poll(() => linesOf(desk, 'U0BO'), wait)
      .toEqual(['ApprovalGranted', 'AttemptRefused old-card']);
  });

  test('by an approver merges, however often it is delivered; afterwards it is too late', async () => {
    for (const trigger of ['3', '3', '4'])
      await desk.forge(pressed(desk, 'U0ANN', { verb: 'merge', trigger }));
    const twice = ['ApprovalGranted', 'MergeRequested', 'AttemptRefused already-decided'];
    await expect.poll(() => linesOf(desk, 'U0ANN'), wait).toEqual(twice);
    await desk.look();
    await desk.look();
    expect(desk.git.pulls).toMatchObject([{ merged: true }]);
    await desk.forge(pressed(desk, 'U0ANN', { verb: 'merge', trigger: '5' }));
    await expect
      .poll(() => linesOf(desk, 'U0ANN'), wait)
      .toEqual([...twice, 'AttemptRefused merge-under-way']);
  });

  test('by who asked for the rollout merges what others approved: it approves nothing', async () => {
    const own = await toBeMerged({
      openedBy: 'U0ANN',
      sets: [{ name: 'sre', users: [], groups: [SlackGroupId.parse('S0SRE')], count: 1 }],
    });
    try {
      await own.forge(pressed(own, 'U0ANN', { verb: 'merge' }));
      await expect
        .poll(() => linesOf(own, 'U0ANN'), wait)
        .toEqual(['RolloutOpened', 'ApprovalRefused own-request', 'MergeRequested']);
    } finally {
      await own.close();
    }
  }, 60_000);
});

describe('nothing is decided', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await toBeMerged();
  }, 60_000);
  afterAll(() => desk.close());

  const staging = { environment: 'staging' };
  const reason = 'the kernel has a regression';
  const cluster = { kind: 'cluster', name: 'stg' } as const;
  const release = ReleaseId.parse('al2023@v20261118');
  /** Everything a person can ask for: a new kind does not compile without its line. */
  const requests: Readonly<Record<PersonRequest['kind'], object>> = {
    approve: { ...staging, ask: 1 },
    withdraw: { ...staging, ask: 1 },
    reject: { ...staging, ask: 1, reason },
    'accept-merge': staging,
    merge: { ...staging, ask: 1 },
    expedite: { ...staging, reason },
    snooze: { until: Date.UTC(2026, 10, 25) },
    wake: {},
    switch: {},
    pause: {},
    brake: {},
    resume: {},
    sync: { ...staging, cluster: 'stg' },
    'roll-back': { reason },
    freeze: { reason },
    unfreeze: {},
    hold: { scope: cluster, until: Date.UTC(2026, 10, 20) + day, reason },
    unhold: { scope: cluster },
    'mark-bad': { release, where: {}, reason },
    'clear-bad': { release },
  };

  type Codes = Readonly<Partial<Record<PersonRequest['kind'], string>>>;
  /** Whoever asks hears first that there is nothing of the kind. */
  const instead: Codes = {
    withdraw: 'not-approved-by-you',
    expedite: 'nothing-to-expedite',
  };
  /** What outsiders hear where it is not about approving. */
  const stops: readonly PersonRequest['kind'][] = [
    'switch',
    'pause',
    'brake',
    'resume',
    'roll-back',
    'freeze',
    'unfreeze',
    'hold',
    'unhold',
    'mark-bad',
    'clear-bad',
  ];
  const outsiders: Codes = {
    ...Object.fromEntries(stops.map((one) => [one, 'not-allowed-to-stop'])),
    sync: 'not-allowed-to-sync',
  };

  describe.each(Object.keys(requests) as PersonRequest['kind'][])('by asking to %s', (kind) => {
    test.each(strangers)('as $kind, which is on record', async ({ user, no }) => {
      const by = SlackUserId.parse(user);
      const request = { kind, rollout: desk.id, by, ...requests[kind] } as PersonRequest;
      const { world } = desk;
      const before = await world.store.global.load('global');
      const own = (await desk.known()).events.length;
      const done = await carryOut(world, request, `${kind} ${user}`);
      const code = instead[kind] ?? (no === 'not-an-approver' ? (outsiders[kind] ?? no) : no);
      expect(done.refusal?.code).toBe(code);
      const fresh = isGlobal(request)
        ? (await world.store.global.load('global'))
            .slice(before.length)
            .flatMap((one) => one.events)
        : (await desk.known()).events.slice(own);
      expect(fresh).toMatchObject([{ type: expect.stringMatching(/Refused$/), by, reason: code }]);
    });
  });
});
