import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../../shared/time.ts';

/** How far Slack's clock and ours may differ, in seconds and both ways; Bolt looks at the past only. */
const toleranceSeconds = 300;

/** Why a request is not Slack's. */
export type Forgery = 'no-signature' | 'timestamp-off' | 'signature-mismatch';

/**
 * Holds a request against its signature: `v0=` and HMAC-SHA256 over `v0:{timestamp}:{raw body}`.
 * @returns `undefined` when it is genuine. Source: Slack, "Verifying requests from Slack".
 */
export function forgeryIn(
  request: {
    readonly body: Uint8Array;
    /** Header `x-slack-request-timestamp`. */
    readonly timestamp: unknown;
    /** Header `x-slack-signature`. */
    readonly signature: unknown;
  },
  signingSecret: string,
  now: Instant,
): Forgery | undefined {
  const { body, timestamp, signature } = request;
  if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) return 'no-signature';
  if (typeof signature !== 'string' || !/^v0=[0-9a-f]{64}$/.test(signature)) return 'no-signature';
  if (Math.abs(now / 1_000 - Number(timestamp)) > toleranceSeconds) return 'timestamp-off';
  const expected = createHmac('sha256', signingSecret)
    .update(`v0:${timestamp}:`)
    .update(body)
    .digest();
  const given = Buffer.from(signature.slice(3), 'hex');
  return timingSafeEqual(expected, given) ? undefined : 'signature-mismatch';
}

/** Longest time a signature stays good, in ms: a request stamped ahead of us and kept until it is too old. */
export const signatureLifetimeMs = 2 * toleranceSeconds * 1_000;
