import type { Instant } from '../../../shared/time.ts';
import { second } from '../../../shared/time.ts';
import type { Pod } from '../objects.ts';
import type { Simulation } from '../simulation.ts';
import { deletePod, isLeaving } from './leaving-pods.ts';
import { budgetsOver, stepBudgets } from './pods.ts';

/** Between two rounds of evictions of a drain. */
export const evictionMs = 4 * second;

/** Evicts one pod as the Eviction API does; a PodDisruptionBudget with nothing left says no. */
export function evict(
  simulation: Simulation,
  pod: Pod,
  { force }: { force: boolean },
  now: Instant,
): boolean {
  if (isLeaving(pod)) return false;
  const budgets = budgetsOver(simulation.store, pod);
  const refused =
    budgets.length > 1 || budgets.some(({ status }) => (status?.disruptionsAllowed ?? 0) === 0);
  const protectedPod = pod.metadata.annotations?.['karpenter.sh/do-not-disrupt'] === 'true';
  if (!force && (refused || protectedPod)) return false;
  deletePod(simulation, pod, now);
  stepBudgets(simulation, now);
  return true;
}
