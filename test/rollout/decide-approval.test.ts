import { expect, test } from 'vitest';
import type { EventOf, RolloutEvent } from '../../src/rollout/events.ts';
import { environmentNamed } from '../../src/rollout/rollout.ts';
import { hour } from '../../src/shared/time.ts';
import {
  after,
  ann,
  asked,
  bo,
  cy,
  given,
  granted,
  merged,
  mergeStarted,
  noon,
  opened,
  otherDigest,
  plan,
  policy,
  pullRequest,
  rolledOut,
} from './story.ts';

const { environments: openedOnes } = opened as EventOf<'RolloutOpened'>;
const approve = {
  type: 'Approve' as const,
  environment: 'staging',
  ask: 1,
  by: ann,
  may: 'yes' as const,
  now: noon,
};
const reject = { ...approve, type: 'Reject' as const, reason: 'kernel hang, see 9123' };

test('one approval is enough where the policy asks for one', () => {
  const rollout = given(opened, asked('staging')).when(approve).decides('ApprovalGranted');
  expect(environmentNamed(rollout, 'staging')?.phase.name).toBe('approved');
});

test('an approval names the digest that was asked about', () => {
  const rollout = given(opened, asked('staging', 1, otherDigest))
    .when(approve)
    .decides('ApprovalGranted');
  expect(environmentNamed(rollout, 'staging')?.ask?.digest).toBe(otherDigest);
});

test('the same person twice is one approval', () => {
  const story = [
    opened,
    asked('staging'),
    ...rolledOut('staging'),
    asked('production'),
    granted('production', ann),
  ];
  given(...story)
    .when({ ...approve, environment: 'production' })
    .refuses('already-approved');
});

test('two different people approve where two are needed', () => {
  const story = [
    opened,
    asked('staging'),
    ...rolledOut('staging'),
    asked('production'),
    granted('production', ann),
  ];
  const rollout = given(...story)
    .when({ ...approve, environment: 'production', by: bo })
    .decides('ApprovalGranted');
  expect(environmentNamed(rollout, 'production')?.phase.name).toBe('approved');
});

test.each([
  ['no', 'not-an-approver'],
  ['guest-or-bot', 'guest-or-bot'],
  ['unknown', 'cannot-check'],
] as const)(
  'whom the directory answers %s is refused, and every attempt is on record',
  (may, code) => {
    const { events } = given(opened, asked('staging'))
      .when({ ...approve, by: cy, may })
      .refuses(code, 'ApprovalRefused');
    given(opened, asked('staging'), ...events)
      .when({ ...approve, by: cy, may })
      .refuses(code, 'ApprovalRefused');
  },
);

test('who asked for an out-of-band rollout does not approve it', () => {
  given({ ...opened, by: ann } as typeof opened, asked('staging'))
    .when(approve)
    .refuses('own-request', 'ApprovalRefused');
});

test('a click on the card of an earlier ask changes nothing', () => {
  const voided = {
    type: 'ApprovalsVoided' as const,
    environment: 'staging',
    because: 'change-moved' as const,
    at: noon,
  };
  given(opened, asked('staging'), voided, asked('staging', 2)).when(approve).refuses('old-card');
});

test('an ask that ran out is not approved at the last moment', () => {
  given(opened, asked('staging'))
    .when({ ...approve, now: noon + 8 * 24 * hour })
    .refuses('old-card');
});

test('an approval can be taken back until a merge was decided on it', () => {
  const withdraw = { ...approve, type: 'Withdraw' as const };
  const story = [opened, asked('staging'), granted('staging', ann)];
  const rollout = given(...story)
    .when(withdraw)
    .decides('ApprovalWithdrawn');
  expect(environmentNamed(rollout, 'staging')?.phase.name).toBe('awaiting-approval');
  given(...story, pullRequest('staging'), mergeStarted('staging'))
    .when(withdraw)
    .refuses('merge-under-way');
});

test('taking an approval back needs no authority any more', () => {
  given(opened, asked('staging'), granted('staging', ann))
    .when({ ...approve, type: 'Withdraw', may: 'no' })
    .decides('ApprovalWithdrawn');
});

test('one veto ends the environment and everything after it', () => {
  const rollout = given(opened, asked('staging')).when(reject).decides('EnvironmentRejected');
  expect(rollout.environments.map(({ phase }) => phase.name)).toEqual(['rejected', 'rejected']);
});

test('a rejection after an approval still stops it, until the merge was decided', () => {
  const story = [opened, asked('staging'), granted('staging', ann), pullRequest('staging')];
  given(...story)
    .when({ ...reject, by: bo })
    .decides('EnvironmentRejected');
  given(...story, mergeStarted('staging'))
    .when({ ...reject, by: bo })
    .refuses('merge-under-way');
  given(...story, mergeStarted('staging'), merged('staging'))
    .when({ ...reject, by: bo })
    .refuses('merge-under-way');
});

test('nobody outside the list rejects', () => {
  given(opened, asked('staging'))
    .when({ ...reject, may: 'no' })
    .refuses('not-an-approver', 'ApprovalRefused');
});

test('a second rejection is told who was first', () => {
  const rejected = {
    type: 'EnvironmentRejected' as const,
    environment: 'staging',
    by: bo,
    reason: 'no',
    at: noon,
  };
  const { refusal } = given(opened, asked('staging'), rejected)
    .when(reject)
    .refuses('already-decided');
  expect(refusal?.by).toBe(bo);
});

test('somebody who left drops out alone; the other approval stands', () => {
  const story = [
    opened,
    asked('staging'),
    ...rolledOut('staging'),
    asked('production'),
    granted('production', ann),
    granted('production', bo),
  ];
  const rollout = given(...story)
    .when({
      type: 'VoidApprovals',
      environment: 'production',
      because: 'no-longer-approver',
      of: [ann],
      now: noon,
    })
    .decides('ApprovalsVoided');
  const production = environmentNamed(rollout, 'production');
  expect(production?.phase.name).toBe('awaiting-approval');
  expect(production?.ask?.grants.map(({ by }) => by)).toEqual([bo]);
});

test('approvals do not fall once a merge was decided on them', () => {
  given(
    opened,
    asked('staging'),
    granted('staging', ann),
    pullRequest('staging'),
    mergeStarted('staging'),
  )
    .when({ type: 'VoidApprovals', environment: 'staging', because: 'foreign-commit', now: noon })
    .decides();
});

test('when approvals fall, the pull request is given up and the next ask gets its own', () => {
  const voided = {
    type: 'ApprovalsVoided' as const,
    environment: 'staging',
    because: 'foreign-commit' as const,
    at: noon,
  };
  const rollout = after(
    opened,
    asked('staging'),
    granted('staging', ann),
    pullRequest('staging'),
    voided,
  );
  const [wave] = environmentNamed(rollout, 'staging')?.waves ?? [];
  expect(wave?.phase.name).toBe('waiting');
  expect(wave?.parts).toEqual([]);
  expect(wave?.abandoned.map(({ number }) => number)).toEqual([1]);
});

test('once enough have approved, a further approval is not needed, and is told who was last', () => {
  const { refusal } = given(opened, asked('staging'), granted('staging', ann))
    .when({ ...approve, by: bo })
    .refuses('already-decided');
  expect(refusal).toMatchObject({ by: ann, at: noon });
});

test('an ask runs out at its minute', () => {
  const story = [opened, asked('staging')];
  given(...story)
    .when({ ...approve, now: noon + 7 * 24 * hour - 1 })
    .decides('ApprovalGranted');
  given(...story)
    .when({ ...approve, now: noon + 7 * 24 * hour })
    .refuses('old-card');
});

test('what is over takes no more decisions', () => {
  const over = [
    opened,
    asked('staging'),
    granted('staging', ann),
    pullRequest('staging'),
    merged('staging', 'wave-1', 1, false),
    { type: 'RolloutClosed' as const, outcome: 'failed' as const, at: noon },
  ];
  given(...over)
    .when({ ...approve, by: bo })
    .refuses('closed');
  given(...over)
    .when({ ...approve, type: 'Withdraw' })
    .refuses('closed');
  given(...over)
    .when(reject)
    .refuses('closed');
  given(...over)
    .when({ ...approve, type: 'AcceptUnapprovedMerge' })
    .refuses('closed');
});

test('an older card takes nothing back', () => {
  given(opened, asked('staging', 2), granted('staging', ann))
    .when({ ...approve, type: 'Withdraw' })
    .refuses('old-card');
  given(opened, asked('staging', 1), granted('staging', ann))
    .when({ ...approve, by: bo, type: 'Withdraw' })
    .refuses('not-approved-by-you');
  given(opened)
    .when({ ...approve, type: 'Withdraw' })
    .refuses('old-card');
});

test('a merge under way is named by its pull request', () => {
  const story = [
    opened,
    asked('staging'),
    granted('staging', ann),
    pullRequest('staging', 'wave-1', 7),
    mergeStarted('staging', 'wave-1', 7),
  ];
  const { refusal } = given(...story)
    .when(reject)
    .refuses('merge-under-way');
  expect(refusal).toEqual({ code: 'merge-under-way', environment: 'staging', pullRequest: 7 });
});

test('who left does not fall out of a merge that was decided, nor of what has ended', () => {
  const left = {
    type: 'VoidApprovals' as const,
    environment: 'staging',
    because: 'no-longer-approver' as const,
    of: [ann],
    now: noon,
  };
  const story = [opened, asked('staging'), granted('staging', ann), pullRequest('staging')];
  given(...story)
    .when(left)
    .decides('ApprovalsVoided');
  given(...story, mergeStarted('staging'))
    .when(left)
    .decides();
  given(...story, {
    type: 'EnvironmentRejected',
    environment: 'staging',
    by: bo,
    reason: 'no',
    at: noon,
  })
    .when(left)
    .decides();
});

test('a card names the clusters before it that were not proven', () => {
  const done = rolledOut('staging');
  const unproven = { ...done.at(-1), proven: false } as typeof opened;
  const ask = { ...asked('production'), type: 'Ask' as const, now: noon } as never;
  const of = (...last: readonly (typeof opened)[]) =>
    environmentNamed(
      given(opened, asked('staging'), granted('staging', ann), ...done.slice(0, -1), ...last)
        .when(ask)
        .decides('ApprovalRequested'),
      'production',
    )?.ask?.unproven;
  expect(of(unproven)).toEqual(['stg']);
  const elsewhere = { ...opened, environments: [...openedOnes, plan(policy('eu'), [['eu']])] };
  const inEu = (event: RolloutEvent) => ({ ...event, environment: 'eu' }) as RolloutEvent;
  const story = [asked('staging'), granted('staging', ann), ...done];
  const rules = { ...asked('staging'), policy: policy('eu') } as RolloutEvent;
  const eu = [rules, ...story.slice(1, -1), unproven].map(inEu);
  const beside = given(elsewhere as RolloutEvent, ...eu, ...story)
    .when(ask)
    .decides('ApprovalRequested');
  expect(environmentNamed(beside, 'production')?.ask?.unproven).toEqual([]);
  expect(of(...done.slice(-1))).toEqual([]);
});
