import { SlackRefusedError, SlackUnavailableError } from '../../workflow/ports/slack-errors.ts';
import { postBesideApi } from './post-beside-api.ts';

const doing = 'response_url';

/**
 * Posts to a `response_url`. Bolt's own `respond` has no time limit and needs the payload at hand; this works from what
 * an inbox kept.
 * @throws SlackUnavailableError, SlackRefusedError such as `expired_url`.
 */
export async function respondTo(url: string, body: object): Promise<void> {
  const { status, retryAfterMs, text } = await postBesideApi(doing, url, {
    type: 'application/json',
    body: JSON.stringify(body),
  });
  const code = errorIn(text);
  if (status === 200 && code === undefined) return;
  const cause = new Error(`${status} ${text.slice(0, 200)}`);
  if (status === 429 || status >= 500)
    throw new SlackUnavailableError(doing, {
      cause,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  // Expired, used up and unknown look alike from outside.
  if (status === 404) throw new SlackRefusedError(doing, 'expired_url', { cause });
  throw new SlackRefusedError(doing, code ?? wordIn(text), { cause });
}

/** Slack answers some refusals with 200 and `{"ok":false,"error":…}`. */
function errorIn(text: string): string | undefined {
  const [, error] = /^\s*\{"ok":\s*false,\s*"error":\s*"([a-z_]+)"/.exec(text) ?? [];
  return error;
}

function wordIn(text: string): string {
  return /^[a-z_]{1,60}$/.test(text) ? text : 'refused';
}
