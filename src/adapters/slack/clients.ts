import { WebClient, type WebClientOptions } from '@slack/web-api';
import { type Log, sdkLogger } from './sdk-logger.ts';

export type SlackClients = {
  /** What a person waits for: modals and ephemeral messages. Short limit, one try. */
  readonly ui: WebClient;
  /** Posts and edits. One try: Slack knows no idempotency key, so a second could make a second message. */
  readonly post: WebClient;
  /** Look-ups, tried again. */
  readonly read: WebClient;
};

export type SlackAccess = {
  /** `xoxb-…` */
  readonly token: string;
  /** Base of the Web API, for a stand-in; absent: Slack's own. */
  readonly apiUrl?: string;
  readonly log: Log;
};

/**
 * Three clients, because a 429 stops the whole queue of the client it came to. None is given `headers`: the SDK writes
 * the token into that object, and whoever shares it would call with the wrong one.
 */
export function createSlackClients(access: SlackAccess): SlackClients {
  return {
    ui: new WebClient(access.token, writing(access, 2_500)),
    post: new WebClient(access.token, writing(access, 10_000)),
    read: new WebClient(access.token, {
      ...base(access),
      timeout: 10_000,
      retryConfig: { retries: 3 },
      maxRequestConcurrency: 4,
    }),
  };
}

/** Options for calls that must not happen twice; `timeout` in ms. A new object each time, as the SDK writes into it. */
export function writing(access: SlackAccess, timeout: number): WebClientOptions {
  return { ...base(access), timeout, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true };
}

function base({ apiUrl, log }: SlackAccess): WebClientOptions {
  return { logger: sdkLogger(log), ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }) };
}
