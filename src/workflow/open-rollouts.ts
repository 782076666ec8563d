import type { Rollout } from '../rollout/rollout.ts';
import type { World } from './world.ts';

/** Open rollouts of this fleet. */
export async function openRollouts({
  store,
  journal,
}: Pick<World, 'store' | 'journal'>): Promise<readonly Rollout[]> {
  const heads = await store.heads.open();
  const known = await Promise.all(heads.map(({ rollout }) => journal.refresh(rollout)));
  return known.flatMap(({ rollout }) =>
    rollout === undefined || rollout.outcome !== undefined ? [] : [rollout],
  );
}
