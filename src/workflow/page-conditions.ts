import type { Rollout } from '../rollout/rollout.ts';
import type { Wave } from '../rollout/wave.ts';
import type { Instant } from '../shared/time.ts';
import { isoOf, minute } from '../shared/time.ts';
import type { Page, PageCondition } from './ports/pages.ts';
import type { ClusterSighting } from './sightings.ts';

/** A cluster that moves and was not seen for so long may be on fire. */
const blindAfterMs = 10 * minute;

/**
 * What somebody is to be woken for now. What a person has decided about since (resumed, rolled back) is over.
 * @param firstLookedAt by cluster, when this process first looked at it as one whose nodes move.
 */
export function pageConditions(
  rollout: Rollout,
  {
    clusters,
    firstLookedAt,
    now,
  }: {
    readonly clusters: ReadonlyMap<string, ClusterSighting>;
    readonly firstLookedAt: ReadonlyMap<string, Instant>;
    readonly now: Instant;
  },
): readonly Page[] {
  const { id, release, environments, paused, rollback, outcome } = rollout;
  const page = (
    condition: PageCondition,
    of: { readonly environment: string; readonly cluster?: string },
    said: { readonly summary: string; readonly since: Instant },
  ): Page => ({
    key: ['amiable', id, condition, of.cluster ?? of.environment].join('/'),
    condition,
    rollout: id,
    release,
    ...of,
    summary: said.summary.slice(0, 500),
    since: said.since,
  });
  return environments.flatMap((environment): Page[] => {
    const { name } = environment.policy;
    const pages: Page[] = [];
    if (environment.differs !== undefined && rollback === undefined) {
      const { detail, at } = environment.differs;
      const summary = `What was merged in ${name} is not what was approved: ${detail}`;
      pages.push(page('merged-differs', { environment: name }, { summary, since: at }));
    }
    // whoever resumed it, and pauses it again for a reason of their own, knows of the halt
    const halted = environment.waves.find(
      ({ haltedAt }) => haltedAt !== undefined && paused !== undefined && paused.at <= haltedAt,
    );
    if (halted !== undefined && paused !== undefined && outcome === undefined) {
      const summary = `A check of health in ${name} is breached (${halted.haltedBy?.join(', ')}); the rollout is halted`;
      pages.push(page('health-breached', { environment: name }, { summary, since: paused.at }));
    }
    for (const wave of [...environment.waves, ...environment.recoveries]) {
      for (const cluster of lookedAt(wave)) {
        const of = { environment: name, cluster };
        const seen = clusters.get(cluster);
        if (seen?.noLaunch !== undefined) {
          const summary = `No new node can launch in ${cluster}: ${seen.noLaunch}`;
          pages.push(page('no-new-node', of, { summary, since: seen.at }));
        }
        // what was seen before its nodes moved, of an earlier wave or another day, is no sign of a cluster that is lost
        const since = Math.max(seen?.at ?? 0, firstLookedAt.get(cluster) ?? 0);
        if (since > 0 && now - since >= blindAfterMs) {
          const summary = `${cluster} is replacing nodes, and was not seen since ${isoOf(since)}`;
          pages.push(page('blind', of, { summary, since }));
        }
      }
    }
    return pages;
  });
}

/** Clusters whose nodes move and that are looked at with every look. */
export function lookedAt({ phase, clusters }: Wave): readonly string[] {
  if (phase.name === 'syncing') return clusters.filter((name) => !phase.synced.includes(name));
  return phase.name === 'replacing' || phase.name === 'soaking' ? clusters : [];
}
