import { second } from '../../shared/time.ts';
import { SlackUnavailableError } from '../../workflow/ports/slack-errors.ts';

const timeoutMs = 10 * second;

/** What Slack said, whatever its status. */
export type Posted = {
  readonly status: number;
  /** How long to wait before it is tried again, in ms; `undefined`: Slack does not say. */
  readonly retryAfterMs: number | undefined;
  readonly text: string;
};

/**
 * Posts to an address that Slack gave us beside its Web API, for which its client has neither a call nor a time limit.
 * @param doing what it is for, as errors tell it.
 * @throws SlackUnavailableError when no answer came within ten seconds; a redirect counts as none.
 */
export async function postBesideApi(
  doing: string,
  url: string,
  { type, body }: { readonly type: string; readonly body: string | Uint8Array<ArrayBuffer> },
): Promise<Posted> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const seconds = Number(response.headers.get('retry-after')) || undefined;
    return {
      status: response.status,
      retryAfterMs: seconds === undefined ? undefined : seconds * second,
      text: await response.text(),
    };
  } catch (cause) {
    throw new SlackUnavailableError(doing, { cause });
  }
}
