import { familyOf } from '../../images/releases.ts';
import type { Rollout } from '../../rollout/rollout.ts';
import { rolloutIdOf } from '../../rollout/rollout-id.ts';
import type { Wave } from '../../rollout/wave.ts';
import { ReleaseId } from '../../shared/ids.ts';
import type { World } from '../world.ts';
import { pinScope } from './pin-scope.ts';

/** Of what was approved there before, the newest so many may have gone back. */
const mostKnown = 3;

/**
 * Whether the record holds a merge that put a release into a cluster, forward or on the way back. Only asked of what is
 * not known yet, as it reads whole streams.
 * @param known what was approved there before: its rollouts may have gone back to this one.
 */
export async function approvedHere(
  world: Pick<World, 'fleet' | 'journal'>,
  cluster: string,
  what: string,
  known: Iterable<string>,
): Promise<boolean> {
  const releases = [...new Set([what, ...[...known].slice(-mostKnown)])].flatMap((one) => {
    const release = ReleaseId.safeParse(one);
    return release.success ? [release.data] : [];
  });
  for (const release of releases) {
    for (const rollout of await rolloutsOf(world, cluster, release)) {
      for (const { waves, recoveries } of rollout.environments) {
        const forward = release === what && waves.some((wave) => broughtTo(wave, cluster));
        const back = recoveries.some(
          (wave) => broughtTo(wave, cluster) && namesOf(wave).includes(what),
        );
        if (forward || back) return true;
      }
    }
  }
  return false;
}

async function rolloutsOf(
  { fleet, journal }: Pick<World, 'fleet' | 'journal'>,
  cluster: string,
  release: ReleaseId,
): Promise<readonly Rollout[]> {
  const found: Rollout[] = [];
  for (const scope of [fleet.scope, pinScope(fleet.scope, cluster)]) {
    for (let attempt = 1; ; attempt += 1) {
      const of = { family: familyOf(release), release, scope, attempt };
      const { rollout } = await journal.refresh(rolloutIdOf(of));
      if (rollout === undefined) break;
      found.push(rollout);
    }
  }
  return found;
}

function broughtTo({ clusters, parts, abandoned }: Wave, cluster: string): boolean {
  return (
    clusters.includes(cluster) &&
    [...parts, ...abandoned].some(({ mergeSha }) => mergeSha !== undefined)
  );
}

function namesOf({ recovery }: Wave): readonly string[] {
  return recovery?.to.split(', ') ?? [];
}
