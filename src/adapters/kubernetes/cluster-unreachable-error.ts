/** The API server of a cluster did not answer, or refused us. A later look may help. */
export class ClusterUnreachableError extends Error {
  override readonly name = 'ClusterUnreachableError';
  readonly cluster: string;
  /** HTTP status of the refusal; absent when no answer came. */
  readonly status: number | undefined;
  /** The server's own words; absent when no answer came. */
  readonly said: string | undefined;
  /** How long the server asks us to wait, in ms; absent when it did not say. */
  readonly retryAfterMs: number | undefined;

  constructor(
    { cluster, doing }: { readonly cluster: string; readonly doing: string },
    {
      cause,
      status,
      retryAfterMs,
      said,
    }: {
      readonly cause?: unknown;
      readonly status?: number;
      readonly retryAfterMs?: number;
      /** The server's own words. */
      readonly said?: string;
    },
  ) {
    const why = said ?? (cause instanceof Error ? cause.message : String(cause));
    const code = status === undefined ? '' : ` (${status})`;
    super(`${cluster}: ${doing} failed${code}: ${why}`, { cause });
    this.cluster = cluster;
    this.status = status;
    this.said = said;
    this.retryAfterMs = retryAfterMs;
  }
}
