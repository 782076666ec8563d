import { mkdir } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { refuseLocked } from './level-lock.ts';
import { loadDynalite } from './load-dynalite.ts';

/** One request to the emulator, its body read. */
export type TableRequest = {
  /** Such as `PutItem`; empty when the header does not say. */
  readonly operation: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
};

/** What becomes of a request. */
export type Verdict =
  | { readonly do: 'serve' }
  | { readonly do: 'answer'; readonly status: number; readonly body: object }
  /** Serve it, but cut the connection instead of answering. */
  | { readonly do: 'serve-and-cut' }
  | { readonly do: 'hang' };

export type EmulatorOptions = {
  /** Folder for the data, made if absent; without it everything is in memory. */
  readonly path?: string | undefined;
  /** On the loopback interface; absent: any free one. */
  readonly port?: number | undefined;
  /** Asked before each request that comes from this machine's own clients. */
  readonly judge: (request: TableRequest) => Verdict;
};

export type Emulator = { readonly url: string; close(): Promise<void> };

/** The most that DynamoDB takes in one request. */
const maxBodyBytes = 16 * 1024 * 1024;

/**
 * Runs dynalite in this process, listening on loopback only.
 * @throws Error when another process holds the folder, or the port is taken.
 */
export async function startEmulator({ path, port = 0, judge }: EmulatorOptions): Promise<Emulator> {
  if (path !== undefined) {
    await mkdir(path, { recursive: true });
    await refuseLocked(path);
  }
  const { dynalite } = loadDynalite();
  const server = dynalite({
    ...(path === undefined ? {} : { path }),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  // Its own listener stays the one behind ours: by itself it would let any page of a browser in.
  const [listener] = server.listeners('request') as RequestListener[];
  if (listener === undefined) throw new Error('dynalite does not listen to requests as it used to');
  const running = new Set<Promise<Reply>>();
  let closing = false;
  const serve: Serve = async (request, body) => {
    if (closing) throw new Error('The emulator is closing');
    const reply = replyOf(listener, request, body);
    running.add(reply);
    return reply.finally(() => running.delete(reply));
  };
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response, judge, serve).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    async close() {
      closing = true;
      // It throws where nobody can catch it when its database closes under a request.
      await Promise.all(running);
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      });
    },
  };
}

type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

type Serve = (request: IncomingMessage, body: Buffer) => Promise<Reply>;

/** Lets the emulator answer one request; it sees a request read again from memory, and answers into memory. */
function replyOf(
  listener: RequestListener,
  { headers, method, url }: IncomingMessage,
  body: Buffer,
): Promise<Reply> {
  const request = Object.assign(Readable.from([body]), { headers, method, url });
  return new Promise((resolve) => {
    const said: Record<string, string> = {};
    const response = {
      statusCode: 200,
      setHeader(name: string, value: unknown) {
        said[name] = String(value);
      },
      end(text = '') {
        resolve({ status: response.statusCode, headers: said, body: text });
      },
    };
    // All that it uses of the two.
    listener(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  });
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  judge: EmulatorOptions['judge'],
  serve: Serve,
): Promise<void> {
  if (isForeign(request)) {
    answer(response, 403, { message: 'Only clients on this machine are served' });
    return;
  }
  const body = await readBody(request);
  if (body === undefined) {
    answer(response, 413, { message: `More than ${maxBodyBytes} bytes` });
    return;
  }
  const { headers } = request;
  const operation = String(headers['x-amz-target'] ?? '').split('.')[1] ?? '';
  const verdict = judge({ operation, headers, body });
  switch (verdict.do) {
    case 'serve': {
      const reply = await serve(request, body);
      response.writeHead(reply.status, reply.headers).end(reply.body);
      return;
    }
    case 'answer':
      answer(response, verdict.status, verdict.body);
      return;
    case 'serve-and-cut':
      await serve(request, body);
      response.destroy();
      return;
    case 'hang':
      return;
  }
}

/** A page of another origin, or a name that somebody pointed at this machine. */
function isForeign({ headers }: IncomingMessage): boolean {
  const { origin, host = '' } = headers;
  return origin !== undefined || !/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);
}

/** @returns undefined when it is too large; the rest is read and dropped, so that the answer can be heard. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
  }
  return bytes > maxBodyBytes ? undefined : Buffer.concat(chunks);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(body));
}
