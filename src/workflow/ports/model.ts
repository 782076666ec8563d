import type { NoSummaryReason } from '../../analysis/types.ts';

/** What a model is asked, and for how long. */
export type ModelQuestion = {
  readonly system: string;
  readonly user: string;
  /** The part of `user` that others wrote: what a guardrail has to look at. Absent: all of it. */
  readonly quoted?: string;
  /** Longest answer, in tokens. */
  readonly maxTokens: number;
  /** For all models that are tried together, in ms of real time. */
  readonly timeoutMs: number;
};

export type ModelAnswer =
  | {
      readonly kind: 'said';
      readonly text: string;
      readonly model: string;
      readonly inputTokens: number;
      readonly outputTokens: number;
    }
  | { readonly kind: 'silent'; readonly reason: NoSummaryReason };

/** A language model behind a guardrail, in an order of preference. Nothing here throws. */
export type Model = {
  /** Ids in the order they are tried, and the guardrail: part of what an answer is stored under. */
  readonly identity: string;
  /** Asks the first model that answers. */
  ask(question: ModelQuestion): Promise<ModelAnswer>;
  /** Whether the guardrail lets a text pass; without one everything does, and one that cannot be asked lets nothing. */
  screen(text: string, source: 'INPUT' | 'OUTPUT'): Promise<'passed' | NoSummaryReason>;
  /** Tries each model with one word and tells those past their end of life. */
  retired(): Promise<readonly string[]>;
};
