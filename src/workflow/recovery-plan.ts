import type { Change } from '../rollout/change.ts';
import { digestOf, partsOf, restrictedTo, reverseOf } from '../rollout/change.ts';
import type { RecoveryPlan } from '../rollout/command.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { Wave } from '../rollout/wave.ts';
import { hasMergedPart } from '../rollout/wave.ts';
import { waysBack } from '../rollout/way-back.ts';
import type { Digest } from '../shared/ids.ts';
import { recordChange, recordedChange } from './change-record.ts';
import type { World } from './world.ts';

/** The ways back that a rollout's own record allows, in reverse promotion order, and the clusters that have none. */
export type RecoveryPlans = {
  readonly plans: readonly RecoveryPlan[];
  readonly leftOut: readonly { readonly cluster: string; readonly why: string }[];
};

/**
 * Computes the way back from what was recorded when each wave began: nothing outside the table is asked, so that a
 * rollback can be decided while GitHub, AWS and the clusters do not answer.
 * @param chosen clusters to take back; absent: every cluster that moved.
 */
export async function recoveryPlans(
  world: Pick<World, 'store'>,
  rollout: Rollout,
  chosen?: readonly string[],
): Promise<RecoveryPlans> {
  const plans: RecoveryPlan[] = [];
  const leftOut: { cluster: string; why: string }[] = [];
  for (const environment of rollout.environments.toReversed()) {
    const moved = environment.waves.filter(hasMergedPart);
    const before = moved.flatMap((wave) => wave.before);
    const proven: string[] = [];
    for (const way of waysBack(environment, chosen)) {
      if ('why' in way) leftOut.push(way);
      else proven.push(way.cluster);
    }
    if (proven.length === 0) continue;
    const changes = await movedChanges(world, moved);
    const back = before.filter(({ cluster }) => proven.includes(cluster));
    const to = [...new Set(back.map(({ release }) => release))].sort().join(', ');
    const change = reverseOf(changes, {
      clusters: proven,
      release: to,
      images: back.flatMap(({ images }) => images),
    });
    await recordChange(world, change);
    plans.push({
      environment: environment.policy.name,
      clusters: proven,
      repositories: [...partsOf(change, { clusters: proven }).keys()],
      to,
      digest: digestOf(change),
    });
  }
  return { plans, leftOut };
}

/** What the waves wrote, each change once, without what waves to come would have written. */
async function movedChanges(
  world: Pick<World, 'store'>,
  moved: readonly Wave[],
): Promise<readonly Change[]> {
  const waves = new Map<Digest, Wave[]>();
  for (const wave of moved) {
    if (wave.digest !== undefined)
      waves.set(wave.digest, [...(waves.get(wave.digest) ?? []), wave]);
  }
  return Promise.all(
    [...waves].map(async ([digest, of]) => restrictedTo(await recordedChange(world, digest), of)),
  );
}
