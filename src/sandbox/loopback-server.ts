import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Has a server listen on the loopback interface alone.
 * @param port 0: any free one.
 * @returns the port it got.
 * @throws what Node says of a port that is taken.
 */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Ends a server and every request that still hangs on it; resolves when all of it is over, also if it never listened. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

/** Whether a request is for this server by its own name: a page elsewhere reaches loopback through a browser, by another Host or Origin. */
export function isForLoopback({ headers: { host, origin }, socket }: IncomingMessage): boolean {
  const names = ['127.0.0.1', 'localhost'].map((name) => `${name}:${socket.localPort}`);
  const ownOrigin =
    origin === undefined ||
    names.some((name) => [`http://${name}`, `ws://${name}`].includes(origin));
  return host !== undefined && names.includes(host) && ownOrigin;
}
