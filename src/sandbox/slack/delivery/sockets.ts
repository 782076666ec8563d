import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Faults } from '../../faults.ts';
import { isObject } from '../blocks/check.ts';
import { standInApp } from '../workspace.ts';
import { type Answer, ackWithinMs, type Outgoing, type Transport } from './transport.ts';

/** An app may hold this many connections. */
const most = 10;
/** Slack pings its clients; this one does every ten seconds of real time. */
const pingMs = 10_000;
/** A client that was asked to leave is cut after this long, in real time. */
const patienceMs = 10_000;

export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled';

export type Sockets = Transport & {
  accept(socket: WebSocket): void;
  /** Connections that said hello and are open. */
  count(): number;
  /** Asks one connection, or all, to leave, as Slack does every hour or so. */
  disconnect(reason: DisconnectReason, all?: boolean): void;
  /** Cuts every connection without a word. */
  cut(): void;
  /** Resolves once at least this many connections are open. */
  whenConnected(connections?: number): Promise<void>;
};

/** Socket Mode: each payload goes to one of the connections, in turn, and waits for its envelope to come back. */
export function createSockets(faults: Faults): Sockets {
  let open: WebSocket[] = [];
  const waiting = new Map<string, { socket: WebSocket; settle: (answer: Answer) => void }>();
  const arrivals = new Set<() => void>();

  const leave = (socket: WebSocket) => {
    open = open.filter((one) => one !== socket);
    for (const [id, { socket: its, settle }] of waiting) {
      if (its !== socket) continue;
      waiting.delete(id);
      settle({ acknowledged: false, reason: 'connection_failed' });
    }
  };

  const dismiss = (socket: WebSocket, reason: string) => {
    // Nothing more is sent on a connection that was told to go, but what it still says is heard.
    open = open.filter((one) => one !== socket);
    socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-1' } }));
    const timer = setTimeout(() => socket.terminate(), patienceMs);
    socket.once('close', () => clearTimeout(timer));
  };

  const read = (data: string) => {
    const envelope: unknown = parsed(data);
    if (!isObject(envelope) || typeof envelope['envelope_id'] !== 'string') return;
    const found = waiting.get(envelope['envelope_id']);
    if (found === undefined) return;
    waiting.delete(envelope['envelope_id']);
    const { payload } = envelope as { payload?: unknown };
    const empty = payload === undefined || (isObject(payload) && Object.keys(payload).length === 0);
    found.settle({ acknowledged: true, ...(empty ? {} : { body: payload }) });
  };

  const cut = () => {
    for (const socket of open) socket.terminate();
    open = [];
  };

  return {
    accept(socket) {
      if (open.length >= most) return dismiss(socket, 'too_many_websockets');
      const pings = setInterval(() => socket.ping(), pingMs);
      socket.on('message', (data: Buffer) => read(data.toString()));
      socket.on('error', () => socket.terminate());
      socket.on('close', () => {
        clearInterval(pings);
        leave(socket);
      });
      open.push(socket);
      socket.send(
        JSON.stringify({
          type: 'hello',
          num_connections: open.length,
          connection_info: { app_id: standInApp.appId },
          debug_info: { host: 'applink-1', approximate_connection_time: 3_600 },
        }),
      );
      for (const arrived of arrivals) arrived();
    },

    send(outgoing) {
      if (faults.take(`socket ${outgoing.kind}`, ['cut-watch']) !== undefined) cut();
      const socket = open.shift();
      if (socket === undefined)
        return Promise.resolve({ acknowledged: false, reason: 'connection_failed' });
      open.push(socket);
      const id = randomUUID();
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          resolve({ acknowledged: false, reason: 'timeout' });
        }, ackWithinMs);
        waiting.set(id, {
          socket,
          settle: (answer) => {
            clearTimeout(timer);
            resolve(answer);
          },
        });
        socket.send(JSON.stringify(envelopeOf(id, outgoing)));
      });
    },

    count: () => open.length,
    disconnect(reason, all = false) {
      for (const socket of all ? open : open.slice(0, 1)) dismiss(socket, reason);
    },
    cut,
    whenConnected(connections = 1) {
      if (open.length >= connections) return Promise.resolve();
      return new Promise((resolve) => {
        const check = () => {
          if (open.length < connections) return;
          arrivals.delete(check);
          resolve();
        };
        arrivals.add(check);
      });
    },
  };
}

function envelopeOf(id: string, { kind, payload, retry }: Outgoing) {
  return {
    envelope_id: id,
    type: kind,
    accepts_response_payload: kind !== 'events_api',
    ...(retry === undefined ? {} : { retry_attempt: retry.attempt, retry_reason: retry.reason }),
    payload,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
