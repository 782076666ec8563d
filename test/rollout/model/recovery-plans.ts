import { partsOf, reverseOf } from '../../../src/rollout/change.ts';
import type { RecoveryPlan } from '../../../src/rollout/command.ts';
import { hasMergedPart } from '../../../src/rollout/wave.ts';
import type { Sim } from './sim.ts';
import { record, recorded } from './sim.ts';

/** The ways back as the service computes them; an odd `chosen` takes only every second cluster back. */
export function recoveryPlans(
  sim: Sim,
  chosen: number,
): {
  readonly plans: readonly RecoveryPlan[];
  readonly leftOut: readonly { readonly cluster: string; readonly why: string }[];
} {
  const leftOut: { cluster: string; why: string }[] = [];
  const plans = sim.rollout.environments.toReversed().flatMap((environment): RecoveryPlan[] => {
    const moved = environment.waves.filter(hasMergedPart);
    const back = environment.recoveries
      .filter(({ phase }) => phase.name !== 'overtaken' && phase.name !== 'closed')
      .flatMap(({ clusters }) => clusters);
    const clusters = moved
      .flatMap((wave) => wave.clusters)
      .filter((name, index, all) => all.indexOf(name) === index && !back.includes(name))
      .filter((_, index) => chosen % 2 === 0 || index % 2 === 0);
    const before = moved.flatMap((wave) => wave.before);
    const proven = clusters.filter((name) =>
      before.some(({ cluster, proven: is }) => cluster === name && is),
    );
    for (const cluster of clusters) {
      if (!proven.includes(cluster)) leftOut.push({ cluster, why: 'not proven' });
    }
    const digests = new Set(moved.flatMap(({ digest }) => digest ?? []));
    const changes = [...digests].map((digest) => recorded(sim, digest));
    if (proven.length === 0 || changes.length === 0) return [];
    const to = 'al2023@v20261021';
    const change = reverseOf(changes, { clusters: proven, release: to, images: [] });
    return [
      {
        environment: environment.policy.name,
        clusters: proven,
        repositories: [...partsOf(change, { clusters: proven }).keys()],
        to,
        digest: record(sim, change),
      },
    ];
  });
  return { plans, leftOut };
}
