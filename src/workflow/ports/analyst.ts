import type { Claim, Fact, ModelUsage, NoSummaryReason } from '../../analysis/types.ts';
import type { StoredAnalysis } from '../../rollout/opening-events.ts';
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
  /** Answers a question from the facts given, and from nothing else; never throws. */
  answer(question: {
    readonly release: string;
    readonly text: string;
    readonly facts: readonly Fact[];
  }): Promise<Answered>;
  /** Configured models that are past their end of life; never throws. */
  retiredModels(): Promise<readonly string[]>;
};

/** What a question brought: the words of a model, or the facts that its words point to. */
export type Answered =
  | {
      readonly kind: 'said';
      readonly statements: readonly Claim[];
      /** Statements that the facts do not bear out. */
      readonly dropped: number;
      /** The facts that the statements cite. */
      readonly sources: readonly Fact[];
      readonly model: string;
      readonly usage: ModelUsage;
    }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[]; readonly because: NoSummaryReason };
