import { digestOf, partsOf, reverseOf } from '../rollout/change.ts';
import type { RecoveryPlan } from '../rollout/command.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { hasMergedPart } from '../rollout/rollout.ts';
import { movedClusters } from '../rollout/way-back.ts';
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
    const clusters = movedClusters(environment, chosen);
    const before = moved.flatMap((wave) => wave.before);
    const proven: string[] = [];
    for (const cluster of clusters) {
      const known = before.find((one) => one.cluster === cluster);
      if (known === undefined) leftOut.push({ cluster, why: 'what ran before was not recorded' });
      else if (!known.proven) {
        leftOut.push({ cluster, why: `no Ready node had proven ${known.release}` });
      } else proven.push(cluster);
    }
    if (proven.length === 0) continue;
    const digests = new Set(
      moved.flatMap(({ digest }): Digest[] => (digest === undefined ? [] : [digest])),
    );
    const changes = await Promise.all([...digests].map((digest) => recordedChange(world, digest)));
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
      repositories: [...partsOf(change, proven).keys()],
      to,
      digest: digestOf(change),
    });
  }
  return { plans, leftOut };
}
