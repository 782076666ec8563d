import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RolloutEvent } from '../../src/rollout/events.ts';
import { rolloutOf } from '../../src/rollout/evolve.ts';
import { isSettled } from '../../src/rollout/rollout.ts';
import { move, play } from './model/moves.ts';
import { settle } from './model/settle.ts';
import type { Sim } from './model/sim.ts';
import { simulate } from './model/sim.ts';
import { fleet } from './model/spec.ts';
import { id } from './story.ts';

/**
 * Some 300,000 decisions in about fifteen seconds. To try more, and other ones: raise `numRuns` and leave `seed` out; a
 * failure prints the seed and path that bring it back.
 */
const runs = { numRuns: 1800, seed: 20261120 };

test('whatever people, Git, Slack and nodes do in whatever order, the rules hold and it comes to an end', () => {
  const told = { runs: 0, merged: 0, complete: 0, 'rolled-back': 0, asked: 0, decisions: 0 };
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fleet, fc.array(move, { minLength: 25, maxLength: 60 }), (spec, moves) => {
      const sim = simulate(spec);
      for (const one of moves) play(sim, one);
      const { outcome } = sim.rollout;
      told.runs += 1;
      if (did(sim, 'MergeStarted')) told.merged += 1;
      if (did(sim, 'RollbackRequested')) told['rolled-back'] += 1;
      if (outcome?.name === 'complete') told.complete += 1;
      if (sim.rollout.environments.some(({ asks }) => asks > 1)) told.asked += 1;
      for (const one of tellingOf(sim)) seen.set(one, (seen.get(one) ?? 0) + 1);
      settle(sim);
      told.decisions += sim.decisions;
      expect(isSettled(sim.rollout)).toBe(true);
      // What is stored is what was decided: read back and folded again, it is the same rollout.
      const stored = sim.events.map((event) => RolloutEvent.parse(event));
      expect(isDeepStrictEqual(rolloutOf(id, stored), sim.rollout)).toBe(true);
    }),
    runs,
  );
  // A model that never gets anywhere finds nothing.
  expect(told.merged / told.runs, JSON.stringify(told)).toBeGreaterThan(0.4);
  expect(told.complete / told.runs, JSON.stringify(told)).toBeGreaterThan(0.06);
  expect(told['rolled-back'] / told.runs, JSON.stringify(told)).toBeGreaterThan(0.1);
  expect(told.asked / told.runs, JSON.stringify(told)).toBeGreaterThan(0.1);
  expect(told.decisions).toBeGreaterThan(200_000);
  for (const one of telling) {
    const share = (seen.get(one) ?? 0) / told.runs;
    expect(share, `${one} ${JSON.stringify(Object.fromEntries(seen))}`).toBeGreaterThan(0.003);
  }
}, 180_000);

/** What a rule did, or kept from happening, in the random part of a run: each has to be met often enough to be tested. */
const telling = [
  'ApprovedAutomatically',
  'ApproversReminded',
  'EnvironmentDeferred',
  'EnvironmentExpedited',
  'RiskRaised',
  'RolloutSwitched',
  'no-longer-valid',
  'risk-raised',
  'no-longer-approver',
  'merged by sets',
  'merged in a window',
  'merged after a freeze',
  'MergeRequested',
  'merged by button',
  'merged on GitHub',
] as const;

function tellingOf(sim: Sim): ReadonlySet<string> {
  const found = new Set<string>();
  for (const event of sim.events) {
    found.add(event.type);
    if (event.type === 'ApprovalsVoided') found.add(event.because);
    if (event.type === 'PullRequestMerged' && event.byHand === true && event.approved)
      found.add('merged on GitHub');
    if (event.type !== 'MergeStarted') continue;
    const policy = sim.policies.get(event.environment);
    if (policy?.pullRequest?.merge === 'by-button') found.add('merged by button');
    if (policy?.approval.sets !== undefined) found.add('merged by sets');
    if (policy?.window !== undefined) found.add('merged in a window');
    if (policy?.freezes !== undefined) found.add('merged after a freeze');
  }
  return found;
}

function did({ events }: Sim, type: RolloutEvent['type']): boolean {
  return events.some((event) => event.type === type);
}
