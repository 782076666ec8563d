import { riskOf } from './risk.ts';
import type { Environment, Rollout } from './rollout.ts';

/**
 * Whether the policy itself approves what is asked, and why; `undefined`: people decide. Never in a protected
 * environment, never what was not proven before, and never on a risk that nobody has looked at.
 */
export function automaticApproval(
  rollout: Rollout,
  { policy, ask, phase }: Environment,
): 'always' | 'low-risk' | undefined {
  const { automatic } = policy.approval;
  if (automatic === undefined || policy.protected === true) return undefined;
  if (phase.name !== 'awaiting-approval' || ask === undefined || ask.unproven.length > 0) {
    return undefined;
  }
  if (rollout.snoozed !== undefined || rollout.paused !== undefined) return undefined;
  if (automatic === 'low-risk' && riskOf(rollout) !== 'low') return undefined;
  // A rollout somebody asked for by hand needs somebody else's word.
  return rollout.openedBy === undefined && rollout.theirs === undefined ? automatic : undefined;
}
