import { createHmac } from 'node:crypto';
import type { Clock } from '../../../shared/time.ts';
import { type Answer, ackWithinMs, type Outgoing, type Transport } from './transport.ts';

/** How the next requests are to be spoiled. */
export type Tampering = {
  /** Seconds added to the timestamp before it is signed; may be negative. */
  readonly skewSeconds?: number;
  /** Signs with another secret. */
  readonly badSignature?: boolean;
};

type Sent = { readonly headers: Record<string, string>; readonly body: string };

export type RequestUrl = Transport & {
  /** Spoils the next `times` requests. */
  tamper(how: Tampering, times?: number): void;
  /** Sends the last request again, byte for byte, as somebody who recorded it would. */
  replayLast(): Promise<{ readonly status: number; readonly body: string }>;
};

/** Delivers to the app's request URL, signed over the raw body as Slack signs. */
export function createRequestUrl({
  url,
  signingSecret,
  clock,
}: {
  readonly url: string | (() => string);
  readonly signingSecret: string;
  readonly clock: Clock;
}): RequestUrl {
  let spoiled: Tampering[] = [];
  let last: Sent | undefined;

  const post = ({ headers, body }: Sent) =>
    fetch(typeof url === 'string' ? url : url(), {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(ackWithinMs),
    });

  return {
    async send(outgoing): Promise<Answer> {
      const [how = {}, ...rest] = spoiled;
      spoiled = rest;
      last = signed(outgoing, signingSecret, clock, how);
      try {
        const response = await post(last);
        const text = await response.text();
        if (response.ok) return { acknowledged: true, ...bodyOf(text) };
        const noRetry = response.headers.get('x-slack-no-retry') === '1';
        return { acknowledged: false, reason: 'http_error', noRetry };
      } catch (error) {
        const timedOut = error instanceof Error && error.name === 'TimeoutError';
        return { acknowledged: false, reason: timedOut ? 'http_timeout' : 'connection_failed' };
      }
    },
    tamper(how, times = 1) {
      spoiled = [...spoiled, ...Array.from({ length: times }, () => how)];
    },
    async replayLast() {
      if (last === undefined) throw new Error('Nothing has been delivered yet');
      const response = await post(last);
      return { status: response.status, body: await response.text() };
    },
  };
}

function signed(
  { kind, payload, retry }: Outgoing,
  secret: string,
  clock: Clock,
  { skewSeconds = 0, badSignature = false }: Tampering,
): Sent {
  const isEvent = kind === 'events_api';
  const body = isEvent ? JSON.stringify(payload) : formOf(kind, payload);
  const timestamp = Math.floor(clock.now() / 1_000) + skewSeconds;
  const key = badSignature ? `${secret} of somebody else` : secret;
  const hash = createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    body,
    headers: {
      'content-type': isEvent ? 'application/json' : 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(timestamp),
      'x-slack-signature': `v0=${hash}`,
      ...(retry === undefined
        ? {}
        : { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason }),
    },
  };
}

/** Commands are a flat form; interactions are one field `payload` that holds JSON. */
function formOf(kind: Outgoing['kind'], payload: Outgoing['payload']): string {
  if (kind === 'interactive')
    return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const fields = Object.entries(payload).map(
    ([key, value]) => [key, String(value)] as [string, string],
  );
  return new URLSearchParams(fields).toString();
}

/** The body of an acknowledgement: JSON, or the plain text a command may answer with. */
function bodyOf(text: string): { readonly body?: unknown } {
  if (text.trim() === '') return {};
  try {
    return { body: JSON.parse(text) };
  } catch {
    return { body: { text } };
  }
}
