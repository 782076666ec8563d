import { expect, test } from 'vitest';
import { mostOfOneAttempt } from '../../src/rollout/attempt-on-record.ts';
import type { Command } from '../../src/rollout/command.ts';
import { decide } from '../../src/rollout/decide.ts';
import { evolve } from '../../src/rollout/evolve.ts';
import type { Rollout } from '../../src/rollout/rollout.ts';
import { minute } from '../../src/shared/time.ts';
import {
  after,
  ann,
  asked,
  bo,
  cy,
  granted,
  mergeStarted,
  noon,
  opened,
  pullRequest,
} from './story.ts';

const asking = after(opened, asked('staging'));
const merging = after(
  opened,
  asked('staging'),
  granted('staging', ann),
  pullRequest('staging'),
  mergeStarted('staging'),
);
const closed = after(opened, { type: 'RolloutClosed', outcome: 'closed', at: noon });
const now = noon + minute;
const no = { by: cy, may: 'no' as const, now };
const yes = { by: bo, may: 'yes' as const, now };
const ofAsk = { environment: 'staging', ask: 1 };

test.each([
  ['a pause without the right', asking, { ...no, type: 'Pause' }, 'not-allowed-to-stop'],
  [
    'a pause that nobody can check',
    asking,
    { ...no, may: 'unknown', type: 'Pause' },
    'cannot-check',
  ],
  ['a resume without the right', asking, { ...no, type: 'Resume' }, 'not-allowed-to-stop'],
  ['a snooze without the right', asking, { ...no, type: 'Snooze', until: now }, 'not-an-approver'],
  [
    'a rollback without the right',
    asking,
    { ...no, type: 'RollBack', reason: 'because', plans: [], leftOut: [] },
    'not-allowed-to-stop',
  ],
  [
    'an approval by an older card',
    asking,
    { ...yes, type: 'Approve', ...ofAsk, ask: 7 },
    'old-card',
  ],
  [
    'a rejection that comes too late',
    merging,
    { ...yes, type: 'Reject', ...ofAsk, reason: 'too late now' },
    'merge-under-way',
  ],
  ['an approval of what is over', closed, { ...yes, type: 'Approve', ...ofAsk }, 'closed'],
] as const)('%s is on record, each time up to the tenth', (_, rollout, command, reason) => {
  const { events, refusal } = decide(rollout, command as Command);
  expect(refusal?.code).toBe(reason);
  expect(events).toMatchObject([
    { type: 'AttemptRefused', by: command.by, wanted: command.type, reason, at: now },
  ]);
  const next = events.reduce(evolve, rollout);
  // It changes nothing about the rollout itself.
  expect({ ...next, attempts: [] }).toEqual(rollout);
  const again = { ...command, now: now + minute } as Command;
  expect(decide(next, again)).toMatchObject({ refusal: { code: reason }, events: [{ reason }] });
  const tenth = Array.from({ length: 9 }).reduce<Rollout>(
    (state) => decide(state, again).events.reduce(evolve, state),
    next,
  );
  expect(tenth.attempts).toHaveLength(mostOfOneAttempt);
  expect(decide(tenth, again)).toMatchObject({ refusal: { code: reason }, events: [] });
});

test('the same attempt of somebody else, and another one of the same person, are attempts of their own', () => {
  const pause: Command = { ...no, type: 'Pause' };
  const first = decide(asking, pause).events.reduce(evolve, asking);
  expect(decide(first, { ...pause, by: bo }).events).toHaveLength(1);
  expect(decide(first, { ...no, type: 'Resume' }).events).toHaveLength(1);
});

test('an approval without the right is recorded as that, and never as an attempt too', () => {
  const approve: Command = { ...no, type: 'Approve', ...ofAsk };
  let rollout: Rollout = asking;
  const said: string[] = [];
  for (let time = 0; time < 20; time += 1) {
    const { events } = decide(rollout, approve);
    said.push(...events.map(({ type }) => type));
    rollout = events.reduce(evolve, rollout);
  }
  expect(said).toEqual(Array.from({ length: mostOfOneAttempt }, () => 'ApprovalRefused'));
});

test('pressing twice is on record as what it is', () => {
  const approved = after(opened, asked('staging', 1), granted('staging', bo));
  const { events, refusal } = decide(approved, { ...yes, type: 'Approve', ...ofAsk });
  expect(refusal?.code).toBe('already-approved');
  expect(events).toMatchObject([{ type: 'AttemptRefused', by: bo, reason: 'already-approved' }]);
});

test('what is turned down at the click for a modal names what it was about', () => {
  const { events } = decide(asking, {
    type: 'RecordAttempt',
    by: cy,
    wanted: 'Reject',
    ...ofAsk,
    reason: 'not-an-approver',
    now,
  });
  expect(events).toMatchObject([{ type: 'AttemptRefused', by: cy, wanted: 'Reject', ...ofAsk }]);
});
