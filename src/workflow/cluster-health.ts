import type { RolloutId } from '../shared/ids.ts';
import { clamp } from '../shared/text.ts';
import { minute } from '../shared/time.ts';
import {
  defaultThresholds,
  type HealthCheck,
  type HealthThresholds,
  healthOf,
  neverChecked,
  podHealth,
} from '../tracking/health.ts';
import type { NodeClaimView, PodView } from '../tracking/types.ts';
import type { GateReading } from './ports/gates.ts';
import type { World } from './world.ts';

/** A check of new nodes that is breached. */
export type Breach = {
  readonly cluster: string;
  readonly check: string;
  readonly evidence: string;
};

type Reads = Pick<World, 'clusters' | 'clock' | 'sightings' | 'log' | 'gates'> & {
  readonly fleet: Pick<World['fleet'], 'health'>;
};

/** All pods of a cluster cost more than all the rest of a look, and trouble takes its time to show. */
const podsAgainAfterMs = 5 * minute;
const gatesAgainAfterMs = minute;

/** Whether a cluster's new nodes hurt: what is breached, and what was checked at all. */
export async function clusterHealth(
  world: Reads,
  rollout: RolloutId,
  {
    environment,
    cluster,
    claims,
    wanted,
    argocd,
  }: {
    readonly environment: string;
    readonly cluster: string;
    readonly claims: readonly NodeClaimView[];
    readonly wanted: ReadonlySet<string>;
    /** What Argo CD says of the Application; `no answer`, or absent, is no health. */
    readonly argocd: string | undefined;
  },
): Promise<{ readonly breaches: readonly Breach[]; readonly text: string }> {
  const thresholds = world.fleet.health?.get(environment) ?? defaultThresholds;
  const of = { claims, wanted, thresholds };
  const gates = await gateReadings(world, rollout, environment, { cluster, ...of });
  const checks = healthOf({
    claims,
    wanted,
    podChecks: await podChecks(world, rollout, cluster, of),
    argocd: argocd === 'no answer' ? undefined : argocd,
    lostLaunches: countLost(world, rollout, cluster, claims, wanted),
    now: world.clock.now(),
    thresholds,
  });
  const stays = staysDegraded(world, rollout, cluster, { argocd, graceMs: thresholds.graceMs });
  const breaches = checks
    .filter(({ verdict, check }) => verdict === 'breached' && (check !== 'argocd' || stays))
    .map(({ check, evidence }) => ({ cluster, check: check as string, evidence }));
  for (const { name, verdict, evidence } of gates)
    if (verdict === 'breached')
      breaches.push({ cluster, check: `alarm ${name}`, evidence: `${name}: ${evidence}` });
  const named = (verdict: string) => [
    ...checks.flatMap((one) => (one.verdict === verdict ? [names[one.check]] : [])),
    ...gates.flatMap((one) => (one.verdict === verdict ? [`the alarm ${one.name}`] : [])),
  ];
  const looked = (verdict: 'well' | 'breached') => [
    ...bySource(checks.filter((one) => one.verdict === verdict)),
    ...gates.flatMap((one) => (one.verdict === verdict ? [`the alarm ${one.name}`] : [])),
  ];
  const [bad, well] = [looked('breached'), looked('well')];
  const missing = [
    ...named('not-checked'),
    ...named('no-data'),
    ...changedText(checks.flatMap(({ changed = [] }) => changed)),
    neverChecked(gates.length > 0),
  ];
  const sentences = [
    ...(bad.length === 0 ? [] : [`New nodes are not well by ${bad.join(', ')}.`]),
    ...(well.length === 0 ? [] : [`Health of new nodes checked by ${well.join(', ')}.`]),
    `Not checked: ${missing.join(', ')}.`,
  ];
  return { breaches, text: sentences.join(' ') };
}

const mostChanged = 3;
const longestName = 80;

/** Workloads without pods of the same kind on old nodes, since somebody changed them: by name. */
function changedText(owners: readonly string[]): readonly string[] {
  if (owners.length === 0) return [];
  const rest = owners.length - mostChanged;
  const named = owners
    .slice(0, mostChanged)
    .map((owner) => clamp(owner, longestName))
    .join(', ');
  return [`workloads changed meanwhile (${named}${rest > 0 ? ` and ${rest} more` : ''})`];
}

/** `NodeClaims (readiness, launches), Argo CD`: where it was looked, and at what. */
function bySource(checks: readonly HealthCheck[]): readonly string[] {
  const sources = new Map<string, string[]>();
  for (const { check } of checks) {
    const looked = sources.get(sourceOf[check]) ?? [];
    sources.set(sourceOf[check], [...looked, names[check]]);
  }
  return [...sources].map(([source, looked]) =>
    looked.length === 1 && looked[0] === source ? source : `${source} (${looked.join(', ')})`,
  );
}

const sourceOf = {
  'new-nodes': 'NodeClaims',
  resources: 'NodeClaims',
  launches: 'NodeClaims',
  daemonsets: 'Pods',
  workloads: 'Pods',
  argocd: 'Argo CD',
} as const;

const names = {
  'new-nodes': 'readiness',
  resources: 'requested extended resources',
  launches: 'launches',
  daemonsets: 'DaemonSet pods',
  workloads: 'pods of the same ReplicaSet on old nodes',
  argocd: 'Argo CD',
} as const;

/** Argo CD calls a class Degraded that is only on its way: that ends a soak at once, and halts when it lasts. */
function staysDegraded(
  { sightings, clock }: Pick<Reads, 'sightings' | 'clock'>,
  rollout: RolloutId,
  cluster: string,
  { argocd, graceMs }: { readonly argocd: string | undefined; readonly graceMs: number },
): boolean {
  const { degraded } = sightings(rollout);
  if (argocd !== 'Degraded') {
    degraded.delete(cluster);
    return false;
  }
  const now = clock.now();
  const since = degraded.get(cluster) ?? now;
  degraded.set(cluster, since);
  return now - since >= graceMs;
}

/** What has no capacity, or no class, Karpenter lets go within seconds: it never had the image, and says nothing of it. */
const triesLongMs = minute;

/** New nodes that went away without having been Ready, since this process looks: a bad image shows as such a loop. */
function countLost(
  { sightings, clock }: Reads,
  rollout: RolloutId,
  cluster: string,
  claims: readonly NodeClaimView[],
  wanted: ReadonlySet<string>,
): number {
  const { launches } = sightings(rollout);
  const of = [...wanted].sort().join();
  const known = launches.get(cluster);
  const before = known?.of === of ? known : undefined;
  const standing = new Map(claims.map((claim) => [claim.name, claim]));
  const gone = [...(before?.coming ?? [])].filter((name) => {
    const claim = standing.get(name);
    return claim === undefined || (claim.deleting && !claim.initialized);
  });
  const now = clock.now();
  const hasTried = ({ imageId, detail }: NodeClaimView) =>
    imageId === undefined ? now - (detail?.createdAt ?? now) >= triesLongMs : wanted.has(imageId);
  const coming = claims
    .filter((claim) => !claim.initialized && !claim.deleting && hasTried(claim))
    .map(({ name }) => name);
  const lost = (before?.lost ?? 0) + gone.length;
  launches.set(cluster, { of, coming: new Set(coming), lost });
  return lost;
}

type Moving = {
  readonly claims: readonly NodeClaimView[];
  readonly wanted: ReadonlySet<string>;
  readonly thresholds: HealthThresholds;
};

/** A new node is there, of which something could be said. */
function hasBegun({ claims, wanted }: Moving): boolean {
  return claims.some(({ imageId }) => imageId !== undefined && wanted.has(imageId));
}

/** Alarms of one's own, asked once a minute from the first new node on. */
async function gateReadings(
  { gates, clock, sightings }: Reads,
  rollout: RolloutId,
  environment: string,
  of: Moving & { readonly cluster: string },
): Promise<readonly GateReading[]> {
  if (gates === undefined) return [];
  const { gates: all } = sightings(rollout);
  const now = clock.now();
  const known = all.get(of.cluster);
  if (!hasBegun(of)) return known?.readings ?? [];
  if (known !== undefined && now - known.at < gatesAgainAfterMs) return known.readings;
  const readings = await gates(environment, of.cluster);
  all.set(of.cluster, { readings, at: now });
  return readings;
}

async function podChecks(
  { clusters, clock, sightings, log }: Reads,
  rollout: RolloutId,
  cluster: string,
  of: Moving,
): Promise<readonly HealthCheck[]> {
  const now = clock.now();
  if (!hasBegun(of)) return podHealth({ ...of, pods: undefined, now });
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
