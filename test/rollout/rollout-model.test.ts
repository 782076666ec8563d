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
 * Some 200,000 decisions in about ten seconds. To try more, and other ones: raise `numRuns` and leave `seed` out; a
 * failure prints the seed and path that bring it back.
 */
const runs = { numRuns: 1500, seed: 20261120 };

test('whatever people, Git, Slack and nodes do in whatever order, the rules hold and it comes to an end', () => {
  const told = { runs: 0, merged: 0, complete: 0, 'rolled-back': 0, asked: 0, decisions: 0 };
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
  expect(told.complete / told.runs, JSON.stringify(told)).toBeGreaterThan(0.1);
  expect(told['rolled-back'] / told.runs, JSON.stringify(told)).toBeGreaterThan(0.1);
  expect(told.asked / told.runs, JSON.stringify(told)).toBeGreaterThan(0.1);
  expect(told.decisions).toBeGreaterThan(200_000);
}, 120_000);

function did({ events }: Sim, type: RolloutEvent['type']): boolean {
  return events.some((event) => event.type === type);
}
