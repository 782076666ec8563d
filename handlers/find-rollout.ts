import type { Rollout } from '../src/rollout/rollout.ts';
import { RolloutId } from '../src/shared/ids.ts';
import { openRollouts } from '../src/workflow/open-rollouts.ts';
import type { World } from '../src/workflow/world.ts';

/** The rollout somebody means: by id or its start, else the only open one. */
export async function findRollout(
  world: Pick<World, 'store' | 'journal'>,
  typed: string | undefined,
): Promise<
  | { readonly kind: 'found'; readonly rollout: Rollout }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly rollouts: readonly Rollout[] }
> {
  const open = await openRollouts(world);
  if (typed === undefined) {
    const [only] = open;
    if (only === undefined) return { kind: 'none' };
    return open.length === 1
      ? { kind: 'found', rollout: only }
      : { kind: 'several', rollouts: open };
  }
  const matching = open.filter(({ id }) => id.startsWith(`ro_${typed}`));
  const [first] = matching;
  if (first !== undefined) {
    return matching.length === 1
      ? { kind: 'found', rollout: first }
      : { kind: 'several', rollouts: matching };
  }
  // A closed rollout is found by its whole id only: they are not listed anywhere.
  const whole = RolloutId.safeParse(`ro_${typed}`);
  if (!whole.success) return { kind: 'none' };
  const { rollout } = await world.journal.refresh(whole.data);
  return rollout === undefined ? { kind: 'none' } : { kind: 'found', rollout };
}
