import type { DecisionRule } from '../src/rollout/policy.ts';
import type { Refusal } from '../src/rollout/refusal.ts';
import type { Rollout } from '../src/rollout/rollout.ts';

/** What came of a request: done, already so, or a *no* with its reason. `rule`: who could have. */
export type Outcome = {
  readonly refusal?: Refusal;
  readonly rollout?: Rollout;
  readonly rule?: DecisionRule;
  readonly stored: boolean;
};
