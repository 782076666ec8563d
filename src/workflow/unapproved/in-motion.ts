import type { Rollout, Wave } from '../../rollout/rollout.ts';

/** Clusters that a wave moves now, forward or back: what runs there is that wave's to say. */
export function clustersInMotion(rollouts: readonly Rollout[]): ReadonlySet<string> {
  return new Set(
    rollouts
      .flatMap(({ environments }) => environments)
      .flatMap(({ waves, recoveries }) => [...waves, ...recoveries])
      .filter(isMoving)
      .flatMap(({ clusters }) => clusters),
  );
}

function isMoving({ phase, parts }: Wave): boolean {
  switch (phase.name) {
    case 'merging':
    case 'merged':
    case 'syncing':
    case 'replacing':
    case 'soaking':
      return true;
    // One of its repositories may be merged already.
    case 'pull-request':
      return parts.some(({ mergeSha }) => mergeSha !== undefined);
    case 'waiting':
    case 'complete':
    case 'rejected':
    case 'expired':
    case 'closed':
    case 'superseded':
    case 'withdrawn':
    case 'overtaken':
    case 'failed':
    case 'rolled-back':
      return false;
  }
}
