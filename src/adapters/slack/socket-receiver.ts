import type { Receiver } from '@slack/bolt';
import { second } from '../../shared/time.ts';
import { createDispatch } from './dispatch.ts';
import { createSocketConnection, type SocketOptions } from './socket-connection.ts';

/** Real time that handlers under way get to finish in when the service stops. */
const drainMs = 3 * second;

export type SocketReceiver = Receiver & {
  /** Connections that are open; 0 means deaf. */
  connected(): number;
};

/**
 * Receives over Socket Mode. Two connections by default: Slack renews each every hour or so, and gives what arrives
 * meanwhile to the other.
 */
export function createSocketReceiver({
  connections = 2,
  ...options
}: SocketOptions & {
  /** 1 to 10, over all replicas. */
  readonly connections?: number;
}): SocketReceiver {
  const { log } = options;
  const dispatch = createDispatch(log);
  const open = Array.from({ length: connections }, () =>
    createSocketConnection(options, (event, send) => {
      dispatch
        .process(event, send)
        .catch((error: unknown) => log.warn({ err: error }, 'slack payload left unacknowledged'));
    }),
  );
  return {
    init: dispatch.init,
    start: () => Promise.all(open.map((one) => one.start())),
    async stop() {
      // Acknowledgements travel on these connections: first let handlers finish, then close.
      await dispatch.drained(drainMs);
      await Promise.all(open.map((one) => one.stop()));
    },
    connected: () => open.filter((one) => one.isConnected()).length,
  };
}
