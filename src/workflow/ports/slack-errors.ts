/** Slack could not be reached, failed or limited us. A later try may help; what was asked for may have happened. */
export class SlackUnavailableError extends Error {
  override readonly name = 'SlackUnavailableError';
  /** How long Slack asks us to wait; absent when it did not say. */
  readonly retryAfterMs: number | undefined;

  /** @param doing what was being done, such as `chat.postMessage`. */
  constructor(
    doing: string,
    {
      cause,
      retryAfterMs,
    }: { readonly cause: unknown; readonly retryAfterMs?: number | undefined },
  ) {
    super(`Slack did not answer: ${doing}`, { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

/** Slack said no, for good: nothing happened, and trying again gives the same answer. */
export class SlackRefusedError extends Error {
  override readonly name = 'SlackRefusedError';
  /** Slack's own word, such as `channel_not_found`. */
  readonly code: string;

  /** @param details what Slack said beyond its code, such as the places in refused blocks. */
  constructor(
    doing: string,
    code: string,
    { cause, details = [] }: { readonly cause: unknown; readonly details?: readonly string[] },
  ) {
    super(`Slack refused ${doing}: ${[code, ...details].join('; ')}`, { cause });
    this.code = code;
  }
}
