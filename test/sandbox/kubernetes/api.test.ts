import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { KubernetesStandIn } from '../../../src/sandbox/kubernetes/kubernetes-stand-in.ts';
import { minute, second } from '../../../src/shared/time.ts';
import { cluster, manifests, newAlias, settled, startForTest } from './start-for-test.ts';

let standIn: KubernetesStandIn | undefined;
afterEach(async () => {
  await standIn?.close();
  standIn = undefined;
});

async function start(options: Parameters<typeof startForTest>[0] = {}) {
  const world = await startForTest(options);
  standIn = world.standIn;
  return world;
}

const claims = '/apis/karpenter.sh/v1/nodeclaims';

type List = {
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: { metadata: { name: string } }[];
};

async function listOf(answer: Promise<Response>): Promise<List> {
  return (await (await answer).json()) as List;
}

/** Reads a watch in the background; `events` grows as they arrive. */
function watching(answer: Response) {
  const events: { type: string; object: { code?: number; metadata: { name?: string } } }[] = [];
  let ended = false;
  const reading = (async () => {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) events.push(JSON.parse(line));
    }
  })()
    .catch(() => undefined)
    .finally(() => {
      ended = true;
    });
  return { events, reading, isOver: () => ended };
}

test('pages are of one moment, however much changes in between', async () => {
  const { get, standIn: it, pass } = await start();
  const first = await listOf(get(`${claims}?limit=3`));
  expect(first.items).toHaveLength(3);
  expect(first.metadata.remainingItemCount).toBe(1);
  it.act(cluster, { do: 'add-node', nodePool: 'general' });
  it.act(cluster, { do: 'add-node', nodePool: 'general' });
  const next = `${claims}?limit=3&continue=${first.metadata.continue}`;
  const second_ = await listOf(get(next));
  expect(second_.items).toHaveLength(1);
  expect(second_.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
  await pass(6 * minute);
  const late = await get(next);
  expect([late.status, await late.json()]).toMatchObject([410, { reason: 'Expired' }]);
});

test('a watch goes on from the version of a list, with bookmarks, and ends in time', async () => {
  const { get, standIn: it, pass } = await start();
  const { metadata } = await listOf(get(claims));
  const query = `watch=true&allowWatchBookmarks=true&timeoutSeconds=90&resourceVersion=${metadata.resourceVersion}`;
  const { events, isOver } = watching(await get(`${claims}?${query}`));
  it.act(cluster, { do: 'add-node', nodePool: 'general' });
  await pass(10 * second, second);
  expect(events[0]).toMatchObject({ type: 'ADDED', object: { kind: 'NodeClaim' } });
  expect(events.some(({ type }) => type === 'BOOKMARK')).toBe(false);
  await pass(60 * second, second);
  expect(events.some(({ type }) => type === 'BOOKMARK')).toBe(true);
  expect(isOver()).toBe(false);
  await pass(25 * second, second);
  await settled();
  expect(isOver()).toBe(true);
});

test('a watch without bookmarks gets none', async () => {
  const { get, pass } = await start();
  const { metadata } = await listOf(get(claims));
  const { events } = watching(
    await get(`${claims}?watch=1&resourceVersion=${metadata.resourceVersion}`),
  );
  await pass(3 * minute);
  expect(events).toEqual([]);
});

test('a watch that comes back too late is told 410 inside the stream', async () => {
  const { get, git, pass } = await start({ historyLimit: 10 });
  const { metadata } = await listOf(get(claims));
  git.push(manifests({ alias: newAlias }));
  await pass(10 * minute);
  const answer = await get(`${claims}?watch=1&resourceVersion=${metadata.resourceVersion}`);
  const { events, reading } = watching(answer);
  await reading;
  expect(answer.status).toBe(200);
  expect(events).toMatchObject([
    { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } },
  ]);
});

test('an object that leaves a watch selection is reported as deleted', async () => {
  const { get, standIn: it, pass } = await start({ spec: { denied: [], brakePolicy: false } });
  const { metadata, items } = await listOf(get('/api/v1/nodes'));
  const { events } = watching(
    await get(
      `/api/v1/nodes?watch=1&labelSelector=held&resourceVersion=${metadata.resourceVersion}`,
    ),
  );
  const url = `${it.serverUrl(cluster)}/api/v1/nodes/${items[0]?.metadata.name}`;
  for (const held of ['yes', null])
    await fetch(url, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${it.token(cluster)}`,
        'content-type': 'application/merge-patch+json',
      },
      body: JSON.stringify({ metadata: { labels: { held } } }),
    });
  await pass(second, second);
  expect(events.map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
});

test('selects by label and by field', async () => {
  const { get } = await start({
    nodes: [
      { nodePool: 'general', count: 2, arch: 'x86_64' },
      { nodePool: 'general', count: 1, arch: 'arm64' },
    ],
  });
  const count = async (query: string) => (await listOf(get(`/api/v1/nodes?${query}`))).items.length;
  expect(await count('labelSelector=kubernetes.io/arch=arm64')).toBe(1);
  expect(await count('labelSelector=kubernetes.io/arch!=arm64')).toBe(2);
  expect(
    await count('labelSelector=kubernetes.io/arch in (arm64,amd64),karpenter.sh/nodepool'),
  ).toBe(3);
  expect(await count('labelSelector=!karpenter.sh/nodepool')).toBe(0);
  const refused = await get('/api/v1/nodes?fieldSelector=spec.colour=red');
  expect([refused.status, await refused.json()]).toMatchObject([
    400,
    { message: 'field label not supported: spec.colour' },
  ]);
});

test.each([
  { path: '/apis/karpenter.sh/v1/nodeclaims/none', code: 404, reason: 'NotFound' },
  { path: '/apis/karpenter.sh/v1beta1/nodeclaims', code: 404, reason: 'NotFound' },
  { path: '/api/v1/secrets', code: 404, reason: 'NotFound' },
  { path: '/api/v1/nodes?limit=many', code: 400, reason: 'BadRequest' },
  { path: '/api/v1/nodes?continue=nonsense', code: 400, reason: 'BadRequest' },
  { path: '/api/v1/nodes?resourceVersion=99999999', code: 504, reason: 'Timeout' },
])('answers $path with $code as a Status object', async ({ path, code, reason }) => {
  const { get } = await start();
  const answer = await get(path);
  expect(answer.status).toBe(code);
  expect(await answer.json()).toMatchObject({ kind: 'Status', status: 'Failure', code, reason });
});

test('knows who asks, and what they may', async () => {
  const { standIn: it, get } = await start();
  const anonymous = await fetch(`${it.serverUrl(cluster)}${claims}`);
  expect(anonymous.status).toBe(401);
  const stranger = await get(claims, { authorization: 'Bearer somebody-else' });
  expect(await stranger.json()).toMatchObject({ code: 401, reason: 'Unauthorized' });
  it.act(cluster, { do: 'deny', what: 'list nodeclaims' });
  expect(await (await get(claims)).json()).toMatchObject({
    code: 403,
    message:
      'nodeclaims.karpenter.sh is forbidden: User "amiable" cannot list resource "nodeclaims" in API group "karpenter.sh" at the cluster scope',
  });
});

test('patching a Node needs the right, the right form, and the newest version', async () => {
  const { standIn: it, nodes } = await start();
  const name = nodes()[0]?.nodeName ?? '';
  const patch = async (body: unknown, type = 'application/merge-patch+json') => {
    const answer = await fetch(`${it.serverUrl(cluster)}/api/v1/nodes/${name}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${it.token(cluster)}`, 'content-type': type },
      body: JSON.stringify(body),
    });
    return answer.status;
  };
  const note = {
    metadata: { annotations: { 'karpenter.sh/do-not-disrupt': 'true', 'amiable.dev/brake': 'x' } },
  };
  const free = { 'karpenter.sh/do-not-disrupt': null, 'amiable.dev/brake': null };
  expect(await patch(note)).toBe(403);
  it.act(cluster, { do: 'allow', what: 'patch nodes' });
  expect(await patch(note, 'application/json')).toBe(415);
  expect(await patch({ metadata: { ...note.metadata, resourceVersion: '1' } })).toBe(409);
  for (const beyond of [
    { metadata: { annotations: { note: 'x' } } },
    { metadata: { annotations: { 'karpenter.sh/do-not-disrupt': 'true' } } },
    { metadata: { labels: { team: 'x' } } },
    { ...note, spec: { unschedulable: true } },
  ])
    expect(await patch(beyond)).toBe(422);
  expect(await patch(note)).toBe(200);
  expect(
    it.objects(cluster, 'nodes').find(({ metadata }) => metadata.name === name)?.metadata,
  ).toMatchObject({
    annotations: { 'amiable.dev/brake': 'x' },
    labels: { 'karpenter.sh/nodepool': 'general' },
  });
  expect(await patch({ metadata: { annotations: { 'amiable.dev/brake': null } } })).toBe(422);
  expect(await patch({ metadata: { annotations: free } })).toBe(200);
});

test('serves nobody but local programs', async () => {
  const { standIn: it, get } = await start();
  const foreign = await get(claims, { origin: 'https://example.com' });
  expect(foreign.status).toBe(403);
  const { port } = new URL(it.url);
  const status = await new Promise((resolve) => {
    const headers = { host: 'rebound.example.com', authorization: `Bearer ${it.token(cluster)}` };
    request({ port, host: '127.0.0.1', path: `/clusters/${cluster}/version`, headers }, (answer) =>
      resolve(answer.statusCode),
    ).end();
  });
  expect(status).toBe(403);
});

test('a restart goes on with the same objects, in the middle of a rollout', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kubernetes-'));
  try {
    const before = await start({ dataDir });
    before.git.push(manifests({ alias: newAlias }));
    await before.pass(5 * minute);
    const left = before.nodes();
    const version = (await listOf(before.get(claims))).metadata.resourceVersion;
    await before.standIn.close();
    const { clock } = before;
    const after = await start({ dataDir, clock, content: manifests({ alias: newAlias }) });
    expect(after.nodes()).toEqual(left);
    const again = await listOf(after.get(claims));
    expect(Number(again.metadata.resourceVersion)).toBeGreaterThanOrEqual(Number(version));
    const stale = watching(
      await after.get(`${claims}?watch=1&resourceVersion=${Number(version) - 9}`),
    );
    await stale.reading;
    expect(stale.events[0]).toMatchObject({ type: 'ERROR', object: { code: 410 } });
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});
