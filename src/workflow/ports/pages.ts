import type { Instant } from '../../shared/time.ts';

/** Why somebody is woken; there is no fifth reason. */
export type PageCondition = 'no-new-node' | 'health-breached' | 'merged-differs' | 'blind';

export type Page = {
  /** The same for as long as the condition lasts, whoever sends it. */
  readonly key: string;
  readonly condition: PageCondition;
  readonly rollout: string;
  readonly release: string;
  readonly environment: string;
  readonly cluster?: string;
  /** A sentence, with names and words from outside; at most 500 characters. */
  readonly summary: string;
  readonly since: Instant;
};

/** Whoever wakes people. Sent again, the same key is the same alert. */
export type Pages = {
  /** @throws PageNotSentError; it is tried again with the next look. */
  fire(page: Page): Promise<void>;
  resolve(page: Page): Promise<void>;
  /** How long it stays firing when it is not sent again, in ms; absent: until it is resolved. */
  readonly repeatMs?: number;
};
