import { urgentFixes } from './risk.ts';
import type { Environment, Rollout } from './rollout.ts';

/** People it takes to open the fast lane by hand. */
export const expeditersNeeded = 2;

/** Whether people lifted the window for this environment: never less than two, with a reason each. */
export function isWindowLifted({ expedite }: Environment): boolean {
  return new Set(expedite?.open?.by ?? []).size >= expeditersNeeded;
}

/** Age from which people are asked, in ms: the shortened one where the fast lane is open for such a fix. */
export function minimumAgeOf(
  environment: Environment,
  policy: Environment['policy'] = environment.policy,
): number {
  const usual = policy.minimumAgeMs ?? 0;
  const short = isForFix(environment) ? policy.expedite?.minimumAgeMs : undefined;
  return Math.min(usual, short ?? usual);
}

/** Healthy time a wave has to show, in ms. */
export function soakOf(environment: Environment, wave: { readonly soakMs?: number }): number {
  const usual = wave.soakMs ?? environment.policy.soakMs;
  const short = isForFix(environment) ? environment.policy.expedite?.soakMs : undefined;
  return Math.min(usual, short ?? usual);
}

/** Whether it begins now although another release began lately: where the fast lane is open for such a fix. */
export function skipsCadence(
  environment: Environment,
  policy: Environment['policy'] = environment.policy,
): boolean {
  return policy.expedite?.skipsCadence === true && isForFix(environment);
}

/** Only a fix for a critical or known-exploited vulnerability shortens anything. */
function isForFix({ expedite }: Environment): boolean {
  return (expedite?.open?.fixes.length ?? 0) > 0;
}

/** Whether the policy opens the fast lane by itself now: for such a fix, and never where people decide everything. */
export function expeditesByPolicy(rollout: Rollout, { policy, expedite }: Environment): boolean {
  const shortens =
    policy.expedite?.minimumAgeMs !== undefined ||
    policy.expedite?.soakMs !== undefined ||
    policy.expedite?.skipsCadence === true;
  return (
    shortens &&
    policy.protected !== true &&
    expedite?.open === undefined &&
    urgentFixes(rollout).length > 0
  );
}
