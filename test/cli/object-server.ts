import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An API server that serves given answers by path, and 404 for the rest; it knows no other form than whole objects. */
export async function objectServer(answers: Readonly<Record<string, unknown>>) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://local');
    const answer = answers[pathname];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(
      answer === undefined
        ? JSON.stringify({ kind: 'Status', code: 404, message: 'the server could not find it' })
        : typeof answer === 'string'
          ? answer
          : JSON.stringify(answer),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const groupOf = (name: string, ...versions: string[]) => ({
  kind: 'APIGroup',
  name,
  versions: versions.map((version) => ({ groupVersion: `${name}/${version}`, version })),
});

export const listOf = (items: readonly unknown[]) => ({
  kind: 'List',
  metadata: { resourceVersion: '1' },
  items,
});
