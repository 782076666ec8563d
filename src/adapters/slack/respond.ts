import { SlackRefusedError, SlackUnavailableError } from '../../workflow/ports/slack-errors.ts';

const doing = 'response_url';
const timeoutMs = 10_000;

/**
 * Posts to a `response_url`. Bolt's own `respond` has no time limit and needs the payload at hand; this works from what
 * an inbox kept.
 */
export async function respondTo(url: string, body: object): Promise<void> {
  const { status, retryAfter, text } = await send(url, body);
  const code = errorIn(text);
  if (status === 200 && code === undefined) return;
  const cause = new Error(`${status} ${text.slice(0, 200)}`);
  if (status === 429 || status >= 500)
    throw new SlackUnavailableError(doing, {
      cause,
      ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter * 1_000 }),
    });
  // Expired, used up and unknown look alike from outside.
  if (status === 404) throw new SlackRefusedError(doing, 'expired_url', { cause });
  throw new SlackRefusedError(doing, code ?? wordIn(text), { cause });
}

async function send(url: string, body: object) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const retryAfter = Number(response.headers.get('retry-after')) || undefined;
    return { status: response.status, retryAfter, text: await response.text() };
  } catch (cause) {
    throw new SlackUnavailableError(doing, { cause });
  }
}

/** Slack answers some refusals with 200 and `{"ok":false,"error":…}`. */
function errorIn(text: string): string | undefined {
  const [, error] = /^\s*\{"ok":\s*false,\s*"error":\s*"([a-z_]+)"/.exec(text) ?? [];
  return error;
}

function wordIn(text: string): string {
  return /^[a-z_]{1,60}$/.test(text) ? text : 'refused';
}
