import type { KubernetesObject } from '@kubernetes/client-node';
import { apiClient } from '../../src/adapters/kubernetes/api-client.ts';
import { claimsInMotion } from '../../src/adapters/kubernetes/claims-in-motion.ts';
import { clusterViewOf } from '../../src/adapters/kubernetes/cluster-view.ts';
import { connectionTo } from '../../src/adapters/kubernetes/connection.ts';
import { reflect } from '../../src/adapters/kubernetes/reflector.ts';
import { nodeClaims } from '../../src/adapters/kubernetes/watched-kinds.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { progressOf } from '../../src/tracking/progress.ts';
import type { NodeClaimView } from '../../src/tracking/types.ts';
import { silentLog } from '../../src/workflow/log.ts';

/** Follows NodeClaims in a process of its own, and says what that costs: `claims-client.ts ours|informer URL CLUSTERS`. */
const [how = '', url = '', clusters = '1'] = process.argv.slice(2);
const many = Number(clusters);
const megabyte = 1e6;

export type ClientFigures = {
  readonly kept: number;
  readonly rss: number;
  readonly cpu: number;
  readonly answered: number;
  readonly changeMs: number;
  readonly claims: number;
};

async function ours() {
  const stop = new AbortController();
  const started = Array.from({ length: many }, () => {
    const api = apiClient('bench', connectionTo({ kind: 'server', server: url, token: 't' }), {
      timeoutMs: 60_000,
      closing: stop.signal,
    });
    const set = { cluster: 'bench', api, clock: systemClock, log: silentLog, signal: stop.signal };
    const motion = claimsInMotion(set);
    let changed = () => {};
    const claims = reflect(nodeClaims, {
      ...set,
      random: Math.random,
      onListed: motion.listed,
      onChanged(...change) {
        motion.changed(...change);
        changed();
      },
    });
    function* rows(): Generator<NodeClaimView> {
      for (const [name, row] of claims.current().items) yield motion.view(name, row);
    }
    const onChange = (next: () => void) => {
      changed = next;
    };
    return { claims, motion, rows, onChange };
  });
  for (const { claims, motion } of started) {
    await claims.tried;
    await motion.settled();
  }
  const [first] = started;
  if (first === undefined) throw new Error('nothing to follow');
  const view = () =>
    clusterViewOf(
      { nodeClasses: [], nodePools: [], nodeClaims: first.rows(), readyNodes: new Map() },
      0,
    );
  return {
    claims: () => started.reduce((sum, { claims }) => sum + claims.current().items.size, 0),
    progress: () => progressOf(view().nodeClaims, new Set(['ami-new'])),
    onChange: first.onChange,
  };
}

async function informer() {
  const { KubeConfig, makeInformer } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'c', server: url, skipTLSVerify: true }],
    users: [{ name: 'u', token: 't' }],
    contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
    currentContext: 'x',
  });
  const path = '/apis/karpenter.sh/v1/nodeclaims';
  const list = async () => {
    const response = await fetch(`${url}${path}`);
    return (await response.json()) as { metadata: object; items: KubernetesObject[] };
  };
  before = costs();
  const informed = makeInformer(config, path, list as never);
  await informed.start();
  return {
    claims: () => informed.list().length,
    progress: () => undefined,
    onChange: (next: () => void) => informed.on('update', next),
  };
}

function costs() {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return { kept: heapUsed + external, rss, cpu: (user + system) / 1e6 };
}

// what the modules themselves cost is not what following costs
await fetch(`${url}/bytes`).then((response) => response.text());
let before = costs();
const answeredBefore = Number(await (await fetch(`${url}/bytes`)).text());
const followed = how === 'ours' ? await ours() : await informer();
const after = costs();
const answered = Number(await (await fetch(`${url}/bytes`)).text()) - answeredBefore;

const times: number[] = [];
for (let round = 0; how === 'ours' && many === 1 && round < 21; round += 1) {
  const seen = new Promise<void>((resolve) => followed.onChange(resolve));
  await fetch(`${url}/change`);
  await seen;
  const start = performance.now();
  followed.progress();
  times.push(performance.now() - start);
}
const figures: ClientFigures = {
  kept: (after.kept - before.kept) / megabyte,
  rss: after.rss / megabyte,
  cpu: after.cpu - before.cpu,
  answered: answered / megabyte,
  changeMs: times.sort((a, b) => a - b)[10] ?? 0,
  claims: followed.claims(),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
process.exit(0);
