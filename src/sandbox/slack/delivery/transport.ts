import type { JsonObject } from '../blocks/check.ts';

/** What Slack sends to the app. */
export type Outgoing = {
  readonly kind: 'events_api' | 'interactive' | 'slash_commands';
  readonly payload: JsonObject;
  /** On a repeated event: how often it was sent before, and what went wrong. */
  readonly retry?: { readonly attempt: number; readonly reason: string };
};

/** What became of it. */
export type Answer =
  | {
      readonly acknowledged: true;
      /** What came with the acknowledgement; absent when it was empty. */
      readonly body?: unknown;
    }
  | {
      readonly acknowledged: false;
      /** A retry reason of Slack's, such as `http_timeout`. */
      readonly reason: string;
      /** The app asked not to be sent this again (`X-Slack-No-Retry: 1`). */
      readonly noRetry?: boolean;
    };

/** A way to the app. `send` never rejects; it settles after three seconds of real time at the latest. */
export type Transport = {
  send(outgoing: Outgoing): Promise<Answer>;
};

/** Slack waits this long for an acknowledgement, in real time. */
export const ackWithinMs = 3_000;
