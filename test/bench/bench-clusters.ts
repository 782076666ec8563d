import type { Clock, Instant } from '../../src/shared/time.ts';
import { minute, second } from '../../src/shared/time.ts';
import type { ClusterView, NodeClaimView } from '../../src/tracking/types.ts';
import type { Clusters } from '../../src/workflow/ports/clusters.ts';
import { type BenchCluster, oldRelease } from './bench-fleet.ts';
import { type BenchStandIns, repositoryName } from './bench-stand-ins.ts';

/** Argo CD notices a merge after this long. */
const syncMs = 2 * minute;
/** From the first to the last replaced node, however many there are: a budget is a share of the nodes. */
const replaceMs = 40 * minute;
/** A replacement takes this long from its launch to Ready. */
const launchMs = 90 * second;

/**
 * Clusters that report counts and nothing else: they follow Git with Argo CD's delay, and turn their nodes evenly over
 * time, one replacement at a time. No Kubernetes is behind them.
 */
export function benchClusters(
  clock: Clock,
  { github, aws }: Pick<BenchStandIns, 'github' | 'aws'>,
  clusters: readonly BenchCluster[],
): Clusters {
  const movedAt = new Map<string, Instant>();

  const observe = async (name: string): Promise<ClusterView> => {
    const cluster = clusters.find((one) => one.name === name);
    if (cluster === undefined) throw new Error(`there is no cluster ${name}`);
    const now = clock.now();
    const alias = aliasInGit(github, cluster);
    if (alias !== `al2023@${oldRelease}` && !movedAt.has(name)) movedAt.set(name, now);
    const synced = (movedAt.get(name) ?? now) + syncMs;
    const live = now >= synced ? alias : `al2023@${oldRelease}`;
    const ids = (term: string) => imagesOf(aws, cluster, term);
    const nodes = Array.from({ length: cluster.nodes }, (_, i) => {
      const ready = synced + launchMs + ((i + 1) / cluster.nodes) * replaceMs;
      const turned = movedAt.has(name) && now >= ready;
      return claim(`${name}-${i}`, ids(turned ? alias : `al2023@${oldRelease}`)[0] ?? '', true);
    });
    const busy = movedAt.has(name) && now >= synced && now < synced + launchMs + replaceMs;
    const launching = busy ? [claim(`${name}-next`, ids(alias)[0] ?? '', false)] : [];
    return {
      nodeClasses: Array.from({ length: cluster.files }, (_, i) => ({
        name: `class-${i}`,
        generation: 2,
        terms: [{ alias: live, other: false }],
        amis: ids(live),
        conditions: ['AMIsReady', 'Ready'].map((type) => ({
          type,
          status: 'True' as const,
          reason: type,
          message: '',
          observedGeneration: 2,
        })),
      })),
      nodePools: [],
      nodeClaims: [...nodes, ...launching],
      observedAt: now,
    };
  };

  return {
    observe,
    glance: observe,
    surroundings: async () => ({ surroundings: {}, notChecked: [] }),
    volumeZones: async () => new Map(),
    kernels: async () => new Map(),
    notHandled: async () => ({ managedNodeGroup: 0, autoMode: 0, fargate: 0, other: 0 }),
    readers: async () => ({ readers: [], elsewhere: [], unheard: [], neverHeard: [], refused: [] }),
    async deliverers() {
      return { kind: 'unknown', because: 'the bench has no Argo CD' };
    },
  };
}

function aliasInGit(github: BenchStandIns['github'], { name, environment }: BenchCluster): string {
  const head = github.headOf(repositoryName, 'main') ?? '';
  const path = `clusters/${environment}/${name}/karpenter/class-0.yaml`;
  const text = github.filesAt(repositoryName, head).get(path) ?? '';
  return /alias: (\S+)/.exec(text)?.[1] ?? '';
}

const resolved = new WeakMap<object, Map<string, readonly string[]>>();

function imagesOf(
  aws: BenchStandIns['aws'],
  { region, kubernetes }: BenchCluster,
  alias: string,
): readonly string[] {
  const known = resolved.get(aws) ?? new Map<string, readonly string[]>();
  resolved.set(aws, known);
  const key = `${region} ${kubernetes} ${alias}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const amis = aws.resolve({ region, kubernetes, terms: [{ alias }] });
  const ids = amis === 'unresolved' ? [] : amis.map(({ id }) => id);
  known.set(key, ids);
  return ids;
}

function claim(name: string, imageId: string, ready: boolean): NodeClaimView {
  return {
    name,
    uid: name,
    nodePool: 'general',
    nodeClass: 'class-0',
    imageId,
    nodeName: name,
    launched: true,
    registered: ready,
    initialized: ready,
    ready,
    drifted: false,
    deleting: false,
    disrupting: false,
  };
}
