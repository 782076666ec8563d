import { nextStep } from '../../../src/rollout/next-step.ts';
import type { Rollout } from '../../../src/rollout/rollout.ts';
import { stepKey } from '../../../src/rollout/step.ts';
import { execute } from './execute.ts';
import { demand } from './ledger.ts';
import { perform } from './perform.ts';
import type { Sim } from './sim.ts';

/** The service allows 200; no rollout of this size has so much to do. */
const maxSteps = 80;

/**
 * One look, as the service looks: step by step until there is nothing to do but wait.
 * @param during is told after which step; it runs between a step's look at the world and what is decided on it.
 * @returns when to look again; `undefined` once there is nothing ever to do.
 */
export function look(
  sim: Sim,
  during: (count: number) => void = () => undefined,
): number | undefined {
  const looked = new Set<string>();
  for (let count = 0; count < maxSteps; count += 1) {
    const step = nextStep(sim.rollout, sim.now, looked);
    if (step.do === 'rest') {
      demand(sim.rollout.outcome !== undefined, 'rests without an outcome');
      return undefined;
    }
    if (step.do === 'look-again') {
      demand(step.at > sim.now && Number.isFinite(step.at), 'looks again at no time');
      if (looked.size === 0) demand(waitsForSomebody(sim.rollout), 'waits for nobody');
      return step.at;
    }
    const key = stepKey(step);
    demand(!looked.has(key), `does ${key} twice in one look`);
    looked.add(key);
    const commands = perform(sim, step);
    during(count);
    for (const command of commands) execute(sim, command);
  }
  throw new Error(`A rollout takes more than ${maxSteps} steps in one look`);
}

/** A named person or date that it waits for, where no step looks at anything. */
function waitsForSomebody({ snoozed, paused, environments }: Rollout): boolean {
  return (
    snoozed !== undefined ||
    paused !== undefined ||
    environments.some(({ unapprovedMerge }) => unapprovedMerge !== undefined)
  );
}
