import { expect, test } from 'vitest';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { ann, asked, given, granted, noon, opened, rolledOut } from './story.ts';

const moving: readonly RolloutEvent[] = [
  opened,
  asked('staging'),
  granted('staging', ann),
  ...rolledOut('staging').slice(0, 5),
];
const halt = {
  type: 'Halt',
  environment: 'staging',
  wave: 'wave-1',
  checks: ['launches'],
  evidence: ['stg: 3 new nodes went away without having been Ready (NodeClaims)'],
  now: noon,
} as const;
const halted: RolloutEvent = {
  type: 'RolloutHalted',
  environment: 'staging',
  wave: 'wave-1',
  checks: ['launches'],
  evidence: [...halt.evidence],
  at: noon,
};
const resumed: RolloutEvent = { type: 'RolloutResumed', by: ann, at: noon };

test('new nodes that hurt pause the rollout, by nobody, with the evidence on record', () => {
  const rollout = given(...moving)
    .when(halt)
    .decides('RolloutHalted', 'BrakeSet');
  expect(rollout.paused).toMatchObject({
    reason:
      'a check of health in staging is breached: stg: 3 new nodes went away without having been Ready (NodeClaims)',
  });
  expect(rollout.paused?.by).toBeUndefined();
});

test('who resumed it is not stopped by the same check again, but by another', () => {
  given(...moving, halted)
    .when(halt)
    .decides();
  given(...moving, halted, resumed)
    .when(halt)
    .decides();
  given(...moving, halted, resumed)
    .when({ ...halt, checks: ['launches', 'workloads'] })
    .decides('RolloutHalted', 'BrakeSet');
});

test('before nodes move, and once all is done, there is nothing to halt', () => {
  given(...moving.slice(0, 4))
    .when(halt)
    .decides();
  given(opened, asked('staging'), granted('staging', ann), ...rolledOut('staging'))
    .when(halt)
    .decides();
});
