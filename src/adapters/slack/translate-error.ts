import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { SlackRefusedError, SlackUnavailableError } from '../../workflow/ports/slack-errors.ts';

/** Answers that say more about Slack's state than about our request. Source: the errors every method documents. */
const passing = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'ratelimited',
  'rate_limited',
  'accesslimited',
  'team_added_to_org',
  'external_channel_migrating',
]);

/** Calls Slack and spells its failures as the port does. */
export async function calling<T>(doing: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw translated(doing, cause);
  }
}

function translated(doing: string, cause: unknown): Error {
  if (cause instanceof WebAPIRateLimitedError)
    return new SlackUnavailableError(doing, { cause, retryAfterMs: cause.retryAfter * 1_000 });
  if (!(cause instanceof WebAPIPlatformError)) return new SlackUnavailableError(doing, { cause });
  const { data } = cause;
  const { error, response_metadata: more } = data;
  const needed = 'needed' in data ? data['needed'] : undefined;
  return passing.has(error)
    ? new SlackUnavailableError(doing, { cause })
    : new SlackRefusedError(doing, error, {
        cause,
        details: [
          ...(typeof needed === 'string' ? [`needs ${needed}`] : []),
          ...(more?.messages ?? []),
        ],
      });
}
