import type { Rollout } from '../../src/rollout/rollout.ts';
import type { RolloutId } from '../../src/shared/ids.ts';
import { analyseRollout } from '../../src/workflow/analyse-rollout.ts';
import { look } from '../../src/workflow/look.ts';
import type { World } from '../../src/workflow/world.ts';

/** One look, with the analysis done at once: tests wait for nothing. */
export async function lookOnce(world: World, id: RolloutId): Promise<Rollout> {
  const analysing: Promise<unknown>[] = [];
  await look(world, id, {
    analyse(rollout) {
      analysing.push(analyseRollout(world, rollout));
    },
    changed() {},
  });
  await Promise.all(analysing);
  const { rollout } = await world.journal.known(id);
  if (rollout === undefined) throw new Error(`${id} was never opened`);
  return rollout;
}

/** Where every environment and wave stands, as `staging rolling [replacing]`. */
export function standing({ environments }: Rollout): string[] {
  return environments.map(({ policy, phase, waves, recoveries }) => {
    const forward = waves.map((wave) => wave.phase.name).join(' ');
    const back = recoveries.map((wave) => `back ${wave.phase.name}`).join(' ');
    return `${policy.name} ${phase.name} [${forward}]${back === '' ? '' : ` ${back}`}`;
  });
}
