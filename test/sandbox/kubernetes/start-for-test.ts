import { Faults } from '../../../src/sandbox/faults.ts';
import type { ApplicationSpec } from '../../../src/sandbox/kubernetes/argocd/application.ts';
import type { ClusterSpec } from '../../../src/sandbox/kubernetes/cluster.ts';
import {
  type KubernetesOptions,
  startKubernetesStandIn,
} from '../../../src/sandbox/kubernetes/kubernetes-stand-in.ts';
import type { Budget, ResolvedAmi } from '../../../src/sandbox/kubernetes/objects.ts';
import { second } from '../../../src/shared/time.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

export const noon = Date.parse('2026-07-27T12:00:00Z');
export const oldAlias = 'al2023@v20260714';
export const newAlias = 'al2023@v20260724';
export const cluster = 'prod-eu-1';
const repoURL = 'https://github.com/acme/gitops.git';
/** The second repository, of tests that have one. */
const besideRepository = 'acme/platform';

export function manifests({
  alias = oldAlias,
  budgets = [{ nodes: '2' }],
  pool = '',
  classSpec = '',
}: {
  alias?: string;
  budgets?: readonly Budget[];
  pool?: string;
  classSpec?: string;
} = {}): string {
  return `apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: default
spec:
  role: KarpenterNodeRole-prod
  amiSelectorTerms:
    - alias: ${alias}
  subnetSelectorTerms:
    - tags: { karpenter.sh/discovery: prod }
  securityGroupSelectorTerms:
    - tags: { karpenter.sh/discovery: prod }
${classSpec}---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: general
spec:
  disruption:
    consolidationPolicy: WhenEmpty
    consolidateAfter: 5m
    budgets: ${JSON.stringify(budgets)}
  template:
    spec:
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: default }
      requirements:
        - { key: kubernetes.io/arch, operator: In, values: [amd64, arm64] }
      expireAfter: 720h
${pool}`;
}

/** A Git host of one branch: `push` makes a commit of its files. */
function memoryGit(content: string) {
  const commits: { sha: string; content: string }[] = [];
  const push = (next: string) => {
    const sha = String(commits.length + 1)
      .repeat(40)
      .slice(0, 40);
    commits.push({ sha, content: next });
    return sha;
  };
  push(content);
  return {
    push,
    head: () => commits.at(-1)?.sha ?? '',
    files: (_repo: string, commit: string) => [
      {
        path: 'clusters/prod/karpenter.yaml',
        content: commits.find(({ sha }) => sha === commit)?.content ?? '',
      },
    ],
  };
}

/** Two architectures per release and minor; v1999… stands for a release that is not there. */
export function resolveForTest({
  kubernetes,
  terms,
}: {
  kubernetes: string;
  terms: readonly { alias?: string }[];
}): readonly ResolvedAmi[] | 'unresolved' {
  const [, version = ''] = terms[0]?.alias?.split('@') ?? [];
  if (version === '' || version.startsWith('v1999')) return 'unresolved';
  return (['amd64', 'arm64'] as const).map((arch) => ({
    id: imageOf(version, arch, kubernetes),
    name: `amazon-eks-node-al2023-${arch}-standard-${kubernetes}-${version}`,
    requirements: [
      { key: 'kubernetes.io/arch', operator: 'In', values: [arch] },
      { key: 'karpenter.k8s.aws/instance-gpu-count', operator: 'DoesNotExist' },
    ],
  }));
}

export function imageOf(
  version: string,
  arch: 'amd64' | 'arm64' = 'amd64',
  kubernetes = '1.35',
): string {
  return `ami-${version}${arch}${kubernetes.replace('.', '')}`;
}

export const oldImage = imageOf('v20260714');
export const newImage = imageOf('v20260724');
export const newImages: ReadonlySet<string> = new Set([newImage, imageOf('v20260724', 'arm64')]);

export async function startForTest({
  content = manifests(),
  nodes = [{ nodePool: 'general', count: 4, arch: 'x86_64' as const }],
  application = {},
  spec = {},
  clusters = [],
  beside,
  ...options
}: {
  content?: string;
  nodes?: ClusterSpec['nodes'];
  application?: Partial<ApplicationSpec>;
  spec?: Partial<ClusterSpec>;
  clusters?: readonly ClusterSpec[];
  /** What stands in a second repository, which an Application of its own delivers; absent: there is none. */
  beside?: string;
} & Partial<Pick<KubernetesOptions, 'dataDir' | 'historyLimit' | 'seed' | 'clock' | 'port'>> = {}) {
  const clock = manualClock(noon);
  const faults = new Faults('kubernetes');
  const git = memoryGit(content);
  const besideGit = memoryGit(beside ?? '');
  const gitOf = (repository: string) => (repository === besideRepository ? besideGit : git);
  const standIn = await startKubernetesStandIn({
    clock,
    faults,
    git: {
      head: (repository) => gitOf(repository).head(),
      files: (repository, commit) => gitOf(repository).files(repository, commit),
    },
    resolve: resolveForTest,
    clusters: [
      { name: cluster, region: 'eu-west-1', kubernetes: '1.35', nodes, ...spec },
      ...clusters,
    ],
    argocd: {
      applications: [
        {
          name: 'karpenter-config',
          cluster,
          repoURL,
          branch: 'main',
          path: 'clusters/prod',
          ...application,
        },
        ...(beside === undefined
          ? []
          : [
              {
                name: 'platform',
                cluster,
                repoURL: `https://github.com/${besideRepository}.git`,
                branch: 'main',
                path: 'clusters/prod',
              },
            ]),
      ],
    },
    ...options,
  });
  return {
    clock,
    faults,
    git,
    /** A push to the second repository, and the word of it. */
    pushBeside(next: string): void {
      besideGit.push(next);
      standIn.notifyPush(besideRepository);
    },
    standIn,
    /** Lets time pass in steps as small as the controllers need. */
    async pass(ms: number, stepMs = 5 * second): Promise<void> {
      for (let passed = 0; passed < ms; passed += stepMs) {
        clock.advance(Math.min(stepMs, ms - passed));
        standIn.tick();
      }
      await settled();
    },
    nodes: () => standIn.state()[cluster]?.nodes.filter(({ state }) => state !== 'gone') ?? [],
    get: (path: string, headers: Record<string, string> = {}) =>
      fetch(`${standIn.serverUrl(cluster)}${path}`, {
        headers: { authorization: `Bearer ${standIn.token(cluster)}`, ...headers },
      }),
  };
}

/** Lets what is already on its way over the loopback interface arrive. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
