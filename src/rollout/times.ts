import { currentSpan } from '../shared/recurrence.ts';
import type { Instant } from '../shared/time.ts';
import { isWindowLifted } from './expedite.ts';
import { onWindowEnd, windowsOf } from './policy.ts';
import type { Environment, Grant, Rollout } from './rollout.ts';
import type { Wave } from './wave.ts';

/** When people are told once more of an open ask; `undefined` when they were, or nothing is asked. */
export function remindAt({ ask, policy }: Environment): Instant | undefined {
  if (ask === undefined || ask.remindedAt !== undefined) return undefined;
  const { expiresMs, remindAfterMs = expiresMs / 2 } = policy;
  // Counted back from the end, which quiet time moves.
  return remindAfterMs >= expiresMs ? undefined : ask.expiresAt - (expiresMs - remindAfterMs);
}

/** Approvals that are too old to count now. */
export function approvalsOver({ ask, policy }: Environment, now: Instant): readonly Grant[] {
  const { validForMs } = policy;
  if (ask === undefined || validForMs === undefined) return [];
  return ask.grants.filter(({ at }) => now >= at + validForMs);
}

/** When the oldest approval stops counting. */
export function approvalsEndAt({ ask, policy }: Environment): Instant | undefined {
  const { validForMs } = policy;
  if (ask === undefined || validForMs === undefined || ask.grants.length === 0) return undefined;
  return Math.min(...ask.grants.map(({ at }) => at)) + validForMs;
}

/** When the window ends that a wave was merged in, where something is to happen then; `undefined` once it has. */
export function windowEndOf(
  rollout: Rollout,
  environment: Environment,
  { phase, decidedAt, windowEndedAt, recovery }: Wave,
): Instant | undefined {
  const { policy } = environment;
  const moves = phase.name === 'merged' || phase.name === 'syncing' || phase.name === 'replacing';
  if (onWindowEnd(policy) === undefined || !moves || decidedAt === undefined) return undefined;
  if (windowEndedAt !== undefined || recovery !== undefined) return undefined;
  if (rollout.rollback !== undefined || isWindowLifted(environment)) return undefined;
  const ends = windowsOf(policy).flatMap((window) => currentSpan(window, decidedAt)?.until ?? []);
  return ends.length === 0 ? undefined : Math.min(...ends);
}
