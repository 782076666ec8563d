import type { Instant } from '../shared/time.ts';
import type { Blocker, BlockerCause } from './blocker.ts';

/** What ends by itself, or by its owner, without anybody on duty. */
const waits: ReadonlySet<BlockerCause> = new Set([
  'budget',
  'pdb',
  'do-not-disrupt-pod',
  'do-not-disrupt-node',
  'grace-period',
  'volumes',
]);

/**
 * Until when what is known to hold a cluster's nodes explains that none moves; `undefined`: nothing known does, or
 * something that does not end without a person, such as a budget that no schedule opens.
 * @param patientUntil how long owners are left alone; what opens later by itself is waited for.
 */
export function knownWaitUntil(
  blockers: readonly Blocker[],
  patientUntil: Instant,
): Instant | undefined {
  // pods without a place come and go with every node that moves, and what holds a drain is named beside the drain
  const holding = blockers.filter(
    ({ cause }) => cause !== 'unschedulable' && cause !== 'budget-draining',
  );
  const isKnown = ({ cause, opensAt }: Blocker) =>
    waits.has(cause) && (cause !== 'budget' || opensAt !== undefined);
  if (holding.length === 0 || !holding.every(isKnown)) return undefined;
  return Math.max(patientUntil, ...holding.flatMap(({ opensAt }) => opensAt ?? []));
}
