import type { Instant } from '../shared/time.ts';
import type { Environment, Grant } from './rollout.ts';
import { missingApprovals } from './rollout.ts';
import { isToMerge } from './wave.ts';

/**
 * Counts the approvals anew: enough of them approve the environment; too few reopen the ask, while something is left
 * that could be stopped. A reopened ask gets its time anew: people were not asked meanwhile.
 */
export function reckoned(
  environment: Environment,
  grants: readonly Grant[],
  at: Instant,
): Environment {
  const { ask, phase, policy, waves } = environment;
  if (ask === undefined) return environment;
  const counted = { ...environment, ask: { ...ask, grants } };
  const enough = missingApprovals(counted) === 0;
  if (phase.name === 'awaiting-approval' && enough) {
    return { ...counted, phase: decidedPhase(environment) };
  }
  const reopens = phase.name === 'approved' || (phase.name === 'rolling' && waves.some(isToMerge));
  if (enough || !reopens) return counted;
  const expiresAt = Math.max(ask.expiresAt, at + policy.expiresMs);
  return { ...counted, ask: { ...counted.ask, expiresAt }, phase: { name: 'awaiting-approval' } };
}

/** An environment with its approvals: `rolling` once a wave has begun. */
export function decidedPhase({ waves }: Environment): Environment['phase'] {
  return { name: waves.every(isToMerge) ? 'approved' : 'rolling' };
}

/** What is left of an environment is asked about: again where the ask still stands, else anew. */
export function askedForRest(environment: Environment, at: Instant): Environment {
  const { ask, phase, waves } = environment;
  if (phase.name !== 'rolling' || !waves.some(isToMerge)) return environment;
  if (ask === undefined) return { ...environment, phase: { name: 'waiting' } };
  return reckoned(environment, ask.grants, at);
}
