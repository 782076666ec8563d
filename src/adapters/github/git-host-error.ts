import { z } from 'zod';
import type { Clock, Instant } from '../../shared/time.ts';

/** GitHub cannot be reached, refuses us, limits us, or answers what we do not understand. */
export class GitHostError extends Error {
  override readonly name = 'GitHostError';
  /** HTTP status; absent when no answer came, so that a write may or may not have happened. */
  readonly status: number | undefined;
  /** Such as `opening a pull request in acme/gitops`. */
  readonly doing: string;
  /** When a retry may help, where GitHub said so. */
  readonly retryAt: Instant | undefined;

  constructor(
    doing: string,
    reason: string,
    options: {
      readonly status?: number | undefined;
      readonly retryAt?: Instant | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(`GitHub: ${doing}: ${reason}`, { cause: options.cause });
    this.doing = doing;
    this.status = options.status;
    this.retryAt = options.retryAt;
  }
}

/** What Octokit's errors carry; a failed connection has no `response`. */
const Failure = z.object({
  message: z.string(),
  response: z
    .object({
      status: z.number(),
      headers: z.record(z.string(), z.union([z.string(), z.number()]).optional()),
      data: z.unknown(),
    })
    .optional(),
});
export type FailedAnswer = NonNullable<z.infer<typeof Failure>['response']>;

/** The answer inside an Octokit error, if there was one. */
export function failedAnswer(error: unknown): FailedAnswer | undefined {
  return Failure.safeParse(error).data?.response;
}

/** Says an Octokit error as ours. */
export function toGitHostError(error: unknown, doing: string, clock: Clock): GitHostError {
  if (error instanceof GitHostError) return error;
  const { message, response } = Failure.safeParse(error).data ?? { message: String(error) };
  return new GitHostError(doing, message, {
    status: response?.status,
    retryAt: response && retryAt(response, clock),
    cause: error,
  });
}

/**
 * When GitHub wants to be asked again: `retry-after` of a secondary limit, or the reset of a used-up primary one. The
 * reset is told in GitHub's time, so only its distance from the answer's `date` is taken.
 */
function retryAt({ headers }: FailedAnswer, clock: Clock): Instant | undefined {
  const after = Number(headers['retry-after']);
  if (after > 0) return clock.now() + after * 1000;
  if (String(headers['x-ratelimit-remaining']) !== '0') return undefined;
  const waitMs = Number(headers['x-ratelimit-reset']) * 1000 - Date.parse(String(headers['date']));
  return Number.isFinite(waitMs) ? clock.now() + Math.max(0, waitMs) + 1000 : undefined;
}
