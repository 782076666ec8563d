import type { RolloutId } from '../shared/ids.ts';
import { minute } from '../shared/time.ts';
import { type HealthCheck, healthOf, neverChecked, podHealth } from '../tracking/health.ts';
import type { NodeClaimView, PodView } from '../tracking/types.ts';
import type { World } from './world.ts';

/** A check of new nodes that is breached. */
export type Breach = {
  readonly cluster: string;
  readonly check: string;
  readonly evidence: string;
};

type Reads = Pick<World, 'clusters' | 'clock' | 'sightings' | 'log'>;

/** All pods of a cluster cost more than all the rest of a look, and trouble takes its time to show. */
const podsAgainAfterMs = 5 * minute;

/** Whether a cluster's new nodes hurt: what is breached, and what was checked at all. */
export async function clusterHealth(
  world: Reads,
  rollout: RolloutId,
  {
    cluster,
    claims,
    wanted,
    argocd,
  }: {
    readonly cluster: string;
    readonly claims: readonly NodeClaimView[];
    readonly wanted: ReadonlySet<string>;
    /** What Argo CD says of the Application; `no answer`, or absent, is no health. */
    readonly argocd: string | undefined;
  },
): Promise<{ readonly breaches: readonly Breach[]; readonly text: string }> {
  const checks = healthOf({
    claims,
    wanted,
    podChecks: await podChecks(world, rollout, cluster, { claims, wanted }),
    argocd: argocd === 'no answer' ? undefined : argocd,
    lostLaunches: countLost(world, rollout, cluster, claims, wanted),
    now: world.clock.now(),
  });
  // Argo CD calls a class Degraded that is only on its way; it ends a soak, and halts nothing by itself
  const breaches = checks
    .filter(({ verdict, check }) => verdict === 'breached' && check !== 'argocd')
    .map(({ check, evidence }) => ({ cluster, check, evidence }));
  const named = (verdict: string) =>
    checks.flatMap((one) => (one.verdict === verdict ? [names[one.check]] : []));
  const well = named('well');
  const missing = [...named('not-checked'), neverChecked];
  const lead = well.length === 0 ? '' : `Health of new nodes checked by ${well.join(', ')}. `;
  return { breaches, text: `${lead}Not checked: ${missing.join(', ')}.` };
}

const names = {
  'new-nodes': 'readiness',
  launches: 'launches',
  daemonsets: 'DaemonSet pods',
  workloads: 'pods of the same ReplicaSet on old nodes',
  argocd: 'Argo CD',
} as const;

/** New nodes that went away without having been Ready, since this process looks: a bad image shows as such a loop. */
function countLost(
  { sightings }: Reads,
  rollout: RolloutId,
  cluster: string,
  claims: readonly NodeClaimView[],
  wanted: ReadonlySet<string>,
): number {
  const { launches } = sightings(rollout);
  const before = launches.get(cluster);
  const standing = new Map(claims.map((claim) => [claim.name, claim]));
  const gone = [...(before?.coming ?? [])].filter((name) => {
    const claim = standing.get(name);
    return claim === undefined || (claim.deleting && !claim.initialized);
  });
  const coming = claims
    .filter(
      ({ imageId, initialized, deleting }) =>
        !initialized && !deleting && (imageId === undefined || wanted.has(imageId)),
    )
    .map(({ name }) => name);
  const lost = (before?.lost ?? 0) + gone.length;
  launches.set(cluster, { coming: new Set(coming), lost });
  return lost;
}

async function podChecks(
  { clusters, clock, sightings, log }: Reads,
  rollout: RolloutId,
  cluster: string,
  of: { readonly claims: readonly NodeClaimView[]; readonly wanted: ReadonlySet<string> },
): Promise<readonly HealthCheck[]> {
  const now = clock.now();
  const begun = of.claims.some(({ imageId }) => imageId !== undefined && of.wanted.has(imageId));
  if (!begun) return podHealth({ ...of, pods: undefined, now });
  const { podChecks: all } = sightings(rollout);
  const known = all.get(cluster);
  if (known !== undefined && now - known.at < podsAgainAfterMs) return known.checks;
  let pods: readonly PodView[] | undefined;
  try {
    pods = (await clusters.surroundings(cluster, 'all')).surroundings.pods;
  } catch (cause) {
    log.warn({ rollout, cluster, cause }, 'pods not read');
  }
  // the pods themselves are not kept: there may be tens of thousands
  const checks = podHealth({ ...of, pods, now });
  all.set(cluster, { checks, at: now });
  return checks;
}
