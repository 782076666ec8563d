import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

/** A wire to a server on this machine that can be cut: what is open breaks, and nothing answers until it is mended. */
export async function cutLine(serverUrl: string) {
  const url = new URL(serverUrl);
  const { hostname, port, host } = url;
  const open = new Set<ServerResponse>();
  let isCut = false;
  const wire = createServer((asked, answer) => {
    if (isCut) {
      asked.socket.destroy();
      return;
    }
    open.add(answer);
    answer.on('close', () => open.delete(answer));
    const { url: path, method, headers } = asked;
    const further = request(
      { hostname, port, path, method, headers: { ...headers, host } },
      (told) => {
        answer.writeHead(told.statusCode ?? 502, told.headers);
        answer.flushHeaders();
        pipeline(told, answer, () => further.destroy());
      },
    );
    further.on('error', () => answer.destroy());
    answer.on('close', () => further.destroy());
    asked.pipe(further);
  });
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve));
  url.port = String((wire.address() as AddressInfo).port);
  return {
    /** The same address through the wire. */
    url: url.href.replace(/\/$/, ''),
    cut() {
      isCut = true;
      for (const answer of open) answer.destroy();
    },
    mend() {
      isCut = false;
    },
    async close(): Promise<void> {
      wire.closeAllConnections();
      await new Promise((resolve) => wire.close(resolve));
    },
  };
}
