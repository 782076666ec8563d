import type { Acted } from './state.ts';

const words: Readonly<Record<string, string>> = {
  not_shown: 'This is not shown to you any more. Nothing was sent.',
  no_such_element:
    'The card has changed meanwhile, and this is not offered any more. Nothing was sent.',
  no_such_option: 'This choice is not offered any more. Nothing was sent.',
  no_such_person: 'This person cannot sign in. Nothing was sent.',
  not_in_channel: 'This person is not in the channel. Nothing was sent.',
  app_not_in_channel: 'Amiable is not in the channel and does not hear of it.',
  no_text: 'There is nothing to send.',
  connection_failed:
    'Amiable is not connected to Slack at this moment. Try again in a few seconds.',
  timeout: 'Amiable did not answer within three seconds. It may still be done.',
  http_timeout: 'Amiable did not answer within three seconds. It may still be done.',
  http_error: 'Amiable answered Slack with an error.',
};

/** What went wrong, for whoever pressed; `undefined`: nothing did. Errors of a modal's fields are not told here. */
export function failureText({ ok, ack, error }: Acted): string | undefined {
  if (ok && ack && error === undefined) return undefined;
  if (typeof error === 'string') return words[error] ?? `It was not done: ${error}`;
  return ack ? 'It was not done.' : words['timeout'];
}

/** The same of what was thrown: the page, or the way to the sandbox, is broken. */
export function thrownText(cause: unknown): string {
  const said = cause instanceof Error ? cause.message : String(cause);
  return cause instanceof TypeError && /fetch/i.test(said)
    ? 'The sandbox does not answer. Is it still running?'
    : `Something went wrong on this page: ${said}`;
}
