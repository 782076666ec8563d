import type { Instant } from '../shared/time.ts';
import { forecastOf } from '../tracking/forecast.ts';
import { launchPace, seenPace, slotTime } from '../tracking/pace.ts';
import type { ClusterView } from '../tracking/types.ts';

/** When the last node of a cluster is replaced, from its budgets and the pace it has shown so far. */
export function expectedEnd(
  view: ClusterView,
  {
    nodeClasses,
    wanted,
    start,
    now,
  }: {
    readonly nodeClasses: ReadonlySet<string>;
    readonly wanted: ReadonlySet<string>;
    readonly start: { readonly at: Instant; readonly replaced: number };
    readonly now: Instant;
  },
): { readonly p50: Instant; readonly p80: Instant } | undefined {
  const pools = view.nodePools.filter(({ nodeClass }) => nodeClasses.has(nodeClass));
  const claimsOf = (pool: string) => view.nodeClaims.filter(({ nodePool }) => nodePool === pool);
  const slotMs = pools.reduce((sum, { name, budgets }) => {
    const total = claimsOf(name).filter(({ initialized }) => initialized).length;
    return sum + slotTime(budgets, { total, from: start.at, to: now });
  }, 0);
  const replaced = view.nodeClaims.filter(
    ({ nodeClass, imageId, ready }) =>
      nodeClasses.has(nodeClass) && imageId !== undefined && wanted.has(imageId) && ready,
  ).length;
  return forecastOf(view, {
    wanted: new Map([...nodeClasses].map((name) => [name, wanted])),
    surroundings: {},
    now,
    pace: seenPace(
      { slotMs, replaced: replaced - start.replaced },
      launchPace(view.nodeClaims.filter(({ nodeClass }) => nodeClasses.has(nodeClass))),
    ),
  }).endsAt;
}
