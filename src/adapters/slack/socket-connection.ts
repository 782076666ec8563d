import { setTimeout as wait } from 'node:timers/promises';
import type { ReceiverEvent } from '@slack/bolt';
import {
  SMSendWhileDisconnectedError,
  SMSendWhileNotReadyError,
  SMWebsocketError,
  SocketModeClient,
} from '@slack/socket-mode';
import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { second } from '../../shared/time.ts';
import { type Log, sdkLogger } from './sdk-logger.ts';

/** All in real time. */
const helloWithinMs = 30 * second;
const closeWithinMs = 5 * second;
const longestWaitMs = 30 * second;

/** Answers of `apps.connections.open` that no waiting mends. */
const final = new Set([
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'user_removed_from_team',
  'team_disabled',
  'not_allowed_token_type',
  'missing_scope',
]);

export type SocketOptions = {
  /** `xapp-…` */
  readonly appToken: string;
  readonly apiUrl?: string;
  readonly log: Log;
  /** First wait after a failed try, in ms; doubled up to 30 s. 1,000 when absent. */
  readonly reconnectMs?: number;
  /** How long a pong may stay away, in ms. 5,000 when absent. */
  readonly clientPingTimeoutMs?: number;
  /** Slack refuses us for good: the process should say it is not ready, and end. */
  readonly onFatal: (error: Error) => void;
};

export type SocketConnection = {
  /** Resolves at the first hello; rejects only when Slack refuses us for good. */
  start(): Promise<void>;
  stop(): Promise<void>;
  isConnected(): boolean;
};

/**
 * One Socket Mode connection, kept open. The SDK's own reconnecting is switched off: it stays away five seconds at every
 * routine refresh, and its failures there end in rejections that nobody can catch.
 */
export function createSocketConnection(
  {
    appToken,
    apiUrl,
    log,
    reconnectMs = second,
    clientPingTimeoutMs = 5 * second,
    onFatal,
  }: SocketOptions,
  handle: (event: Omit<ReceiverEvent, 'ack'>, send: (answer: unknown) => Promise<void>) => void,
): SocketConnection {
  const stopped = new AbortController();
  let connected = false;
  const client = new SocketModeClient({
    appToken,
    autoReconnectEnabled: false,
    clientPingTimeout: clientPingTimeoutMs,
    logger: sdkLogger(log),
    // An object of its own: the SDK writes its retry policy into it.
    clientOptions: {
      timeout: 10 * second,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    },
  });
  client.on('slack_event', (said: Envelope) => {
    handle(
      {
        body: said.body,
        ...(said.retry_num === undefined ? {} : { retryNum: said.retry_num }),
        ...(said.retry_reason === undefined ? {} : { retryReason: said.retry_reason }),
      },
      async (answer) => {
        try {
          await said.ack(answer as Record<string, unknown> | undefined);
        } catch (error) {
          if (!isLostConnection(error)) throw error;
          // Slack repeats events; whoever pressed something is told that it failed, and presses again.
          log.warn({ type: said.type }, 'slack connection ended before the acknowledgement');
        }
      },
    );
  });

  /** Resolves once the connection has ended again; rejects when none came about. */
  const session = async (onHello: () => void): Promise<void> => {
    let tell = () => {};
    const ended = new Promise<void>((resolve) => {
      tell = resolve;
    });
    client.once('disconnected', tell);
    const timer = setTimeout(() => void client.disconnect(), helloWithinMs);
    try {
      await client.start();
    } catch (error) {
      client.removeListener('disconnected', tell);
      throw error;
    } finally {
      clearTimeout(timer);
    }
    // Stopped while the address was being asked for: the SDK connects all the same.
    if (stopped.signal.aborted) return client.disconnect();
    connected = true;
    onHello();
    await ended;
    connected = false;
  };

  const keep = async (onHello: () => void, onRefused: (error: Error) => void): Promise<void> => {
    let failures = 0;
    while (!stopped.signal.aborted) {
      const before = performance.now();
      try {
        await session(onHello);
      } catch (error) {
        // A connection that never got as far as hello rejects with nothing.
        const cause = error instanceof Error ? error : new Error('no hello', { cause: error });
        if (isFinal(cause)) return onRefused(cause);
        log.warn({ err: cause }, 'slack connection failed');
        failures += 1;
        await pause(waitAfter(cause, failures, reconnectMs), stopped.signal);
        continue;
      }
      // A refresh asks for a new connection at once; one that keeps ending does not.
      failures = performance.now() - before < reconnectMs ? failures + 1 : 0;
      if (failures > 1) await pause(waitAfter(undefined, failures, reconnectMs), stopped.signal);
    }
  };

  return {
    start: () =>
      new Promise((resolve, reject) => {
        let started = false;
        const hello = () => {
          started = true;
          resolve();
        };
        void keep(hello, (error) => (started ? onFatal(error) : reject(error)));
      }),
    async stop() {
      stopped.abort();
      await Promise.race([client.disconnect(), wait(closeWithinMs, undefined, { ref: false })]);
    },
    isConnected: () => connected,
  };
}

/** What the SDK emits for every envelope. */
type Envelope = {
  readonly ack: (answer?: Record<string, unknown>) => Promise<void>;
  readonly type: string;
  readonly body: ReceiverEvent['body'];
  readonly retry_num?: number;
  readonly retry_reason?: string;
};

function isLostConnection(error: unknown): boolean {
  return (
    error instanceof SMSendWhileNotReadyError ||
    error instanceof SMSendWhileDisconnectedError ||
    error instanceof SMWebsocketError
  );
}

function isFinal(error: Error): boolean {
  return error instanceof WebAPIPlatformError && final.has(error.data.error);
}

function waitAfter(error: Error | undefined, failures: number, firstMs: number): number {
  if (error instanceof WebAPIRateLimitedError) return error.retryAfter * second;
  return Math.min(longestWaitMs, firstMs * 2 ** (failures - 1));
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
