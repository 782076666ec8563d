import type { StoredAnalysis } from '../../rollout/events.ts';
import type { Rollout } from '../../rollout/rollout.ts';

/** Facts, risk and, where a model is configured and behaves, its words. */
export type Analyst = {
  /**
   * Never throws and never takes longer than its configured limits.
   * @returns the analysis, and in `unavailable` why it has no AI summary.
   */
  analyse(
    rollout: Rollout,
  ): Promise<{ readonly analysis: StoredAnalysis; readonly unavailable?: string }>;
  /** Configured models that are past their end of life; never throws. */
  retiredModels(): Promise<readonly string[]>;
};
