import { familyOf } from '../images/releases.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { rolloutIdOf } from '../rollout/rollout-id.ts';
import type { ReleaseId } from '../shared/ids.ts';
import type { World } from './world.ts';

/** Every rollout of a release, open or closed, oldest first. */
export async function rolloutsOf(
  { fleet, journal }: Pick<World, 'fleet' | 'journal'>,
  release: ReleaseId,
): Promise<readonly Rollout[]> {
  const found: Rollout[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const of = { family: familyOf(release), release, scope: fleet.scope, attempt };
    const { rollout } = await journal.refresh(rolloutIdOf(of));
    if (rollout === undefined) return found;
    found.push(rollout);
  }
}
