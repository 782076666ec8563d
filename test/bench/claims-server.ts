import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formOf } from '../../src/sandbox/kubernetes/api/negotiate.ts';
import { tableOf } from '../../src/sandbox/kubernetes/api/table.ts';
import type { NodeClaim } from '../../src/sandbox/kubernetes/objects.ts';
import { benchClaim } from './bench-claim.ts';

/**
 * An API server of NodeClaims alone, in a process of its own: `claims-server.ts COUNT MOVING`. It serves lists page by
 * page, objects by name and watches, whole or as tables; `/change` touches one, `/bytes` tells what was answered.
 */
const [count = 0, moving = 0] = process.argv.slice(2).map(Number);
const claims = Array.from({ length: count }, (_, index) => benchClaim(index, index < moving));
const now = Date.parse('2026-07-27T12:00:00Z');
const streams = new Map<ServerResponse, { readonly table: boolean; headers: boolean }>();
let version = 1_000_000;
let bytes = 0;

function send(response: ServerResponse, body: unknown): void {
  const text = JSON.stringify(body);
  bytes += Buffer.byteLength(text);
  response.setHeader('content-type', 'application/json');
  response.end(text);
}

function row(claim: NodeClaim, headers: boolean, includeObject: 'None' | 'Metadata') {
  const metadata = { resourceVersion: String(version) };
  return tableOf('nodeclaims', [claim], { metadata, includeObject, headers, now });
}

function change(): void {
  version += 1;
  const touched = claims[version % count];
  if (touched === undefined) return;
  const object = {
    ...touched,
    metadata: { ...touched.metadata, resourceVersion: String(version) },
  };
  for (const [response, stream] of streams) {
    const shown = stream.table ? row(object, stream.headers, 'Metadata') : object;
    stream.headers = false;
    const line = `${JSON.stringify({ type: 'MODIFIED', object: shown })}\n`;
    bytes += Buffer.byteLength(line);
    response.write(line);
  }
}

const path = '/apis/karpenter.sh/v1/nodeclaims';
const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://local');
  if (url.pathname === '/bytes') return void response.end(String(bytes));
  if (url.pathname === '/change') {
    change();
    return void response.end('done');
  }
  const table = formOf(request.headers.accept) === 'table';
  if (url.pathname.startsWith(`${path}/`)) {
    const name = url.pathname.slice(path.length + 1);
    return send(
      response,
      claims.find(({ metadata }) => metadata.name === name),
    );
  }
  if (url.pathname !== path)
    return send(response, {
      kind: 'List',
      metadata: { resourceVersion: String(version) },
      items: [],
    });
  if (url.searchParams.get('watch') === 'true' || url.searchParams.get('watch') === '1') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    streams.set(response, { table, headers: true });
    response.on('close', () => streams.delete(response));
    return;
  }
  const limit = Number(url.searchParams.get('limit') ?? count) || count;
  const from = Number(url.searchParams.get('continue') ?? 0);
  const page = claims.slice(from, from + limit);
  const more = from + limit < count;
  const metadata = {
    resourceVersion: String(version),
    ...(more && { continue: String(from + limit), remainingItemCount: count - from - limit }),
  };
  send(
    response,
    table
      ? tableOf('nodeclaims', page, { metadata, includeObject: 'None', headers: true, now })
      : { kind: 'NodeClaimList', apiVersion: 'karpenter.sh/v1', metadata, items: page },
  );
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
