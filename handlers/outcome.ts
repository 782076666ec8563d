import type { DecisionRule } from '../src/rollout/policy.ts';
import type { Refusal } from '../src/rollout/refusal.ts';
import type { Rollout } from '../src/rollout/rollout.ts';

/** What came of a request: done, already so, or a *no* with its reason. `rule`: who could have. */
export type Outcome = {
  readonly refusal?: Refusal;
  readonly rollout?: Rollout;
  readonly rule?: DecisionRule;
  readonly stored: boolean;
  /** The tick beside a rollback: what was marked, or that it could not be. Absent: it was not asked for. */
  readonly bad?: { readonly what: string } | 'refused';
};
