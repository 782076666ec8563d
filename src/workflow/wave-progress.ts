import type { Change } from '../rollout/change.ts';
import { ofWave } from '../rollout/change.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { Wave } from '../rollout/wave.ts';
import type { Instant } from '../shared/time.ts';
import { isoOf, minute } from '../shared/time.ts';
import type { Blocker } from '../tracking/blocker.ts';
import { classBlockers } from '../tracking/class-blockers.ts';
import { worstHealth } from '../tracking/delivery.ts';
import { noLaunchText } from '../tracking/no-launch.ts';
import { seenRate } from '../tracking/pace.ts';
import type { Counts } from '../tracking/progress.ts';
import { progressOf } from '../tracking/progress.ts';
import { tailOf } from '../tracking/tail.ts';
import { tailSentences } from '../tracking/tail-text.ts';
import type { Delivered } from '../tracking/types.ts';
import { clusterBlockers } from './cluster-blockers.ts';
import { clusterChurn } from './cluster-churn.ts';
import { type Breach, clusterHealth } from './cluster-health.ts';
import { expectedEnd } from './expected-end.ts';
import { movedClasses } from './moved-classes.ts';
import { deliveredOf, nodeClassesOf } from './node-classes.ts';
import { noteOwned } from './owner-lines.ts';
import { KarpenterUnsupportedError } from './ports/karpenter-unsupported-error.ts';
import { type ClusterSighting, waveKey } from './sightings.ts';
import { wantedNow } from './wanted-now.ts';
import type { World } from './world.ts';

/** Numbers older than this are stale: shown with their age, and never taken for healthy. */
const staleAfterMs = 3 * minute;

export type WaveProgress = {
  readonly replaced: number;
  readonly total: number;
  /** Every node of every cluster runs a wanted image and is Ready, and all of it was seen just now. */
  readonly allWell: boolean;
  /** All clusters, and what Argo CD says of them, were seen recently enough. */
  readonly fresh: boolean;
  /** The nodes of all clusters were, whatever Argo CD says: the numbers are of now. */
  readonly counted: boolean;
  /** What was not seen, a sentence each, with the cluster before it; empty: `fresh`. */
  readonly unseen: readonly string[];
  /** What keeps it from being well, in words. */
  readonly because: readonly string[];
  /** Health checks of new nodes that are breached. */
  readonly breaches: readonly Breach[];
  /** Where all is well but for nodes that follow later: why they wait, a sentence each. */
  readonly tail: readonly string[];
  /** NodePools these are of. */
  readonly tailPools: readonly string[];
  /** What holds nodes, by cluster that has some left; empty inside: nothing known. */
  readonly holding: readonly (readonly Blocker[])[];
  /** Why nodes wait, a sentence each, with the cluster before it. */
  readonly blockers: readonly string[];
  /** EC2NodeClasses that no longer say what was merged, a sentence each, with the cluster before it. */
  readonly elsewhere: readonly string[];
};

/**
 * Adds up a wave's clusters, and notes each for the card.
 * @param finish when patience is over: nodes that only wait are a tail then, and all else is well without them.
 */
export async function waveProgress(
  world: World,
  rollout: Rollout,
  wave: Wave,
  change: Change,
  finish?: { readonly atLeast: (nodePool: string) => number; readonly begun: boolean },
): Promise<WaveProgress> {
  const { clusters, clock, sightings, log } = world;
  const mine = ofWave(change, wave);
  const seen = sightings(rollout.id).clusters;
  let replaced = 0;
  let total = 0;
  let allWell = true;
  let counted = true;
  const unseen: string[] = [];
  const because: string[] = [];
  const blockers: string[] = [];
  const holding: (readonly Blocker[])[] = [];
  const breaches: Breach[] = [];
  const tail: string[] = [];
  const tailPools = new Set<string>();
  const elsewhere: string[] = [];
  for (const cluster of wave.clusters) {
    const now = clock.now();
    try {
      const view = await clusters.observe(cluster);
      const classes = nodeClassesOf(mine, cluster, view.nodeClasses);
      const claims = view.nodeClaims.filter(({ nodeClass }) => classes.has(nodeClass));
      const wanted = await wantedNow(world, mine, cluster);
      const progress = progressOf(claims, wanted);
      const what = deliveredOf(change, cluster, classes);
      const health = await healthSaid(world, cluster, what);
      const degraded = health === 'Degraded';
      if (health === 'no answer' || health === 'Unknown') {
        const why = health === 'Unknown' ? 'says Unknown' : 'does not answer';
        unseen.push(`${cluster}: Argo CD ${why}`);
      }
      const counts = progress.counts;
      // A replacement that is on its way and a node that is leaving are two halves of one node.
      const shown = Math.max(counts.total - counts.launching - counts.draining, counts.replaced);
      replaced += counts.replaced;
      total += shown;
      let waits: readonly string[] = [];
      let held: readonly Blocker[] = [];
      let endsAt: ClusterSighting['endsAt'];
      const live = view.nodeClasses.filter(({ name }) => classes.has(name));
      let noLaunch = noLaunchText(
        live.flatMap((nodeClass) => classBlockers(nodeClass, 0)),
        now,
      );
      let perHour: number | undefined;
      if (progress.kind === 'replacing') {
        const start = startOf(world, rollout, cluster, counts.replaced);
        endsAt = expectedEnd(view, { nodeClasses: classes, wanted, start, now });
        perHour = seenRate({
          replaced: counts.replaced - start.replaced,
          tookMs: now - start.at,
        });
        const around = await clusterBlockers(world, rollout.id, {
          cluster,
          view,
          nodeClasses: classes,
          wanted,
        });
        held = around.blockers;
        holding.push(held);
        waits = around.sentences;
        noLaunch = around.noLaunch;
        // by the budgets alone it would end, which is not what is known
        if (around.endless) endsAt = undefined;
        blockers.push(...waits.map((sentence) => `${cluster}: ${sentence}`));
        const left = finish === undefined ? undefined : tailOf(claims, wanted, finish);
        if (left === undefined) {
          allWell = false;
          because.push(remainingText(cluster, counts, shown));
        } else {
          const nodes = claims.filter(({ name }) => left.includes(name));
          for (const { nodePool } of nodes) tailPools.add(nodePool);
          for (const sentence of tailSentences(nodes, held).slice(0, mostTailSentences))
            tail.push(`${cluster}: ${sentence}`.slice(0, longestTail));
        }
      }
      if (noLaunch !== undefined && progress.kind !== 'replacing') {
        waits = [noLaunch];
        because.push(`${cluster}: ${noLaunch}`);
      }
      const moved = movedClasses(mine, cluster, { names: classes, live, wanted });
      elsewhere.push(...moved.map((what) => `${cluster}: ${what}`));
      if (noLaunch !== undefined || moved.length > 0) {
        allWell = false;
        endsAt = undefined;
      }
      noteOwned(world, { rollout: rollout.id, wave }, { cluster, claims, blockers: held });
      const checked = await clusterHealth(world, rollout.id, {
        environment: wave.environment,
        cluster,
        claims,
        wanted,
        argocd: health,
      });
      breaches.push(...checked.breaches);
      if (degraded) {
        allWell = false;
        because.push(`${cluster}: Argo CD says Degraded`);
      }
      if (isStale(view.observedAt, now)) {
        counted = false;
        unseen.push(`${cluster}: not seen since ${isoOf(view.observedAt)}`);
      }
      const churn = await clusterChurn(world, rollout, { change, cluster, claims, wanted });
      seen.set(cluster, {
        cluster,
        wave: waveKey(wave),
        replaced: counts.replaced,
        total: shown,
        draining: counts.draining,
        launching: counts.launching,
        ...(waits.length === 0 ? {} : { blockers: waits }),
        ...(endsAt === undefined ? {} : { endsAt }),
        ...(perHour === undefined ? {} : { perHour }),
        ...(noLaunch === undefined ? {} : { noLaunch }),
        health: checked.text,
        ...churn,
        ...noteOf(moved, degraded),
        at: view.observedAt,
        ...(isStale(view.observedAt, now) ? { stale: true } : {}),
      });
    } catch (cause) {
      log.warn({ rollout: rollout.id, cluster, cause }, 'cluster not seen');
      counted = false;
      const why =
        cause instanceof KarpenterUnsupportedError ? cause.message : 'the cluster does not answer';
      const known = seen.get(cluster);
      // what another wave counted there, such as the way forward, is not how far this one is
      const last = known?.wave === waveKey(wave) ? known : undefined;
      const age = last === undefined ? '' : `; the numbers are of ${isoOf(last.at)}`;
      unseen.push(`${why.startsWith(cluster) ? why : `${cluster}: ${why}`}${age}`);
      total += last?.total ?? 0;
      replaced += last?.replaced ?? 0;
      if (last !== undefined) seen.set(cluster, { ...last, note: why, stale: true });
    }
  }
  return {
    replaced,
    total,
    allWell: allWell && unseen.length === 0,
    fresh: unseen.length === 0,
    counted,
    unseen,
    because: [...elsewhere, ...because],
    holding,
    blockers,
    elsewhere,
    breaches,
    tail,
    tailPools: [...tailPools],
  };
}

/** Whoever moved the class elsewhere explains what Argo CD makes of it. */
function noteOf(moved: readonly string[], degraded: boolean): Pick<ClusterSighting, 'note'> {
  if (moved.length > 0) return { note: moved.join('; ') };
  return degraded ? { note: 'Argo CD says Degraded' } : {};
}

/** Where the cluster stood when this process first saw it replace nodes. */
function startOf({ sightings, clock }: World, { id }: Rollout, cluster: string, replaced: number) {
  const { starts } = sightings(id);
  const known = starts.get(cluster);
  // fewer than at the start: another wave of the same rollout, or the way back
  if (known !== undefined && replaced >= known.replaced) return known;
  const start = { at: clock.now(), replaced };
  starts.set(cluster, start);
  return start;
}

/** The worst of what Argo CD says of the Applications; those that cannot be asked are not taken for healthy. */
async function healthSaid(
  { clusters, log }: World,
  cluster: string,
  what: Delivered,
): Promise<string | 'no answer' | undefined> {
  try {
    const deliverers = await clusters.deliverers(cluster, what);
    return deliverers.kind === 'argocd' ? worstHealth(deliverers.applications) : undefined;
  } catch (cause) {
    log.warn({ cluster, cause }, 'Argo CD does not answer');
    return 'no answer';
  }
}

/** Of one cluster, and characters of each. */
const mostTailSentences = 3;
const longestTail = 500;

/** What is left to do in a cluster, in words. */
function remainingText(cluster: string, counts: Counts, shown: number): string {
  const parts = [`${shown - counts.replaced} of ${shown} nodes to go`];
  if (counts.notReady > 0) parts.push(`${counts.notReady} not Ready`);
  if (counts.launching > 0) parts.push(`${counts.launching} launching`);
  if (counts.draining > 0) parts.push(`${counts.draining} draining`);
  return `${cluster}: ${parts.join(', ')}`;
}

/** Whether numbers are too old to be believed: over three minutes. */
export function isStale(observedAt: Instant, now: Instant): boolean {
  return now - observedAt > staleAfterMs;
}
