import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createGates } from '../../../src/adapters/prometheus/create-gates.ts';
import { silentLog } from '../../../src/workflow/log.ts';

/** Prometheus' instant queries, as its HTTP API v1 answers them. */
async function prometheus(
  answer: (query: string) => { readonly code?: number; readonly body: unknown },
) {
  const asked: { readonly query: string; readonly token: string | undefined }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const query = new URLSearchParams(text).get('query') ?? '';
      const fits = request.url === '/api/v1/query' && request.method === 'POST';
      asked.push({ query, token: request.headers.authorization });
      const { code = 200, body } = fits ? answer(query) : { code: 404, body: {} };
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const vector = (result: readonly unknown[]) => ({
  body: { status: 'success', data: { resultType: 'vector', result } },
});
const query = 'sum by (job) (errors{cluster="$cluster"}) > 5';

function gatesAt(url: string) {
  const gate = { name: 'errors', url, query, token: 'secret' };
  return createGates(new Map([['staging', [gate]]]), { log: silentLog });
}

test('an answer is bad and none is well, asked of the cluster by name', async () => {
  let result: readonly unknown[] = [];
  const { url, asked } = await prometheus(() => vector(result));
  const gates = gatesAt(url);
  expect(await gates('staging', 'stg')).toMatchObject([{ name: 'errors', verdict: 'well' }]);
  result = [{ metric: { job: 'checkout' }, value: [1_795_000_000, '17.5'] }];
  expect(await gates('staging', 'stg')).toEqual([
    {
      name: 'errors',
      verdict: 'breached',
      evidence: 'the alarm says 17.5 of job=checkout (PromQL)',
    },
  ]);
  expect(asked[0]).toEqual({
    query: 'sum by (job) (errors{cluster="stg"}) > 5',
    token: 'Bearer secret',
  });
  expect(await gates('production', 'prod-a')).toEqual([]);
});

test.each([
  {
    what: 'an error of the query',
    said: { code: 400, body: { status: 'error', errorType: 'bad_data', error: 'parse error' } },
  },
  {
    what: 'a scalar',
    said: { body: { status: 'success', data: { resultType: 'scalar', result: [1, '0'] } } },
  },
  { what: 'something else', said: { body: 'no' } },
])('$what is not checked, never well', async ({ said }) => {
  const { url } = await prometheus(() => said);
  expect(await gatesAt(url)('staging', 'stg')).toMatchObject([{ verdict: 'not-checked' }]);
});

test('one that is not there is not checked', async () => {
  expect(await gatesAt('http://127.0.0.1:9')('staging', 'stg')).toMatchObject([
    { verdict: 'not-checked' },
  ]);
});
