import type { EnvironmentPolicy } from '../rollout/policy.ts';
import type { Config } from './config.ts';

/** The environments as policies, in promotion order: each after all it comes after, otherwise as written. */
export function environmentPolicies(config: Config): EnvironmentPolicy[] {
  return promotionOrder(config.environments).map(
    ({ name, after, mode, approval, recovery, waves, soak, stableFor, expires, stallAfter }) => ({
      name,
      after,
      mode,
      approval,
      recovery,
      waves,
      soakMs: soak,
      stableForMs: stableFor,
      expiresMs: expires,
      stallAfterMs: stallAfter,
    }),
  );
}

/** The clusters of an environment, as written. */
export function clustersOf(config: Config, environment: string): Config['clusters'] {
  return config.clusters.filter((cluster) => cluster.environment === environment);
}

// Takes the first that waits for nobody, again and again. The cross-checks have refused circles.
function promotionOrder<Item extends { readonly name: string; readonly after: readonly string[] }>(
  items: readonly Item[],
): Item[] {
  const ordered: Item[] = [];
  const placed = new Set<string>();
  while (ordered.length < items.length) {
    const next = items.find(
      ({ name, after }) => !placed.has(name) && after.every((earlier) => placed.has(earlier)),
    );
    if (next === undefined) throw new Error('The environments wait for each other in a circle.');
    ordered.push(next);
    placed.add(next.name);
  }
  return ordered;
}
