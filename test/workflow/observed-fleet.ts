import { renderThread } from '../../blocks/thread.ts';
import { createClusters } from '../../src/adapters/kubernetes/create-clusters.ts';
import { imageName } from '../../src/images/image-name.ts';
import type { Image, ImageSlot } from '../../src/images/types.ts';
import type { Rollout } from '../../src/rollout/rollout.ts';
import { demoPath } from '../../src/sandbox/demo-world.ts';
import { Faults } from '../../src/sandbox/faults.ts';
import type { ClusterSpec } from '../../src/sandbox/kubernetes/cluster.ts';
import { startKubernetesStandIn } from '../../src/sandbox/kubernetes/kubernetes-stand-in.ts';
import { sha256 } from '../../src/shared/canonical.ts';
import { ReleaseId } from '../../src/shared/ids.ts';
import { minute, second } from '../../src/shared/time.ts';
import { silentLog } from '../../src/workflow/log.ts';
import type { Images } from '../../src/workflow/ports/images.ts';
import { createThreads } from '../../src/workflow/thread.ts';
import type { World } from '../../src/workflow/world.ts';
import { memoryWorld, newRelease, oldRelease } from '../fakes/memory-world.ts';
import { settled } from '../sandbox/kubernetes/start-for-test.ts';
import { lookOnce } from './drive.ts';
import { storyOf } from './fleet-story.ts';

const cluster = 'stg';

/** Images of the two releases, for any minor: for nodes with a GPU and without. */
function imageOf(release: ReleaseId, slot: ImageSlot): Image {
  const key = [release, slot.region, slot.kubernetes, slot.architecture, slot.variant].join(' ');
  const imageId = `ami-0${sha256(key).slice(0, 16)}`;
  return { ...slot, release, imageId, name: imageName(slot, release) ?? '' };
}

const exists = ({ architecture, variant }: ImageSlot) =>
  architecture === 'x86_64' && ['standard', 'nvidia'].includes(variant);

const images: Images = {
  recommended: async (slots) => slots.filter(exists).map((slot) => imageOf(newRelease, slot)),
  ofRelease: async (release, slots) => slots.filter(exists).map((slot) => imageOf(release, slot)),
  describe: async () => [],
};

function resolved(alias: string, region: string, kubernetes: string) {
  return (['standard', 'nvidia'] as const).map((variant) => {
    const slot = { family: 'al2023', architecture: 'x86_64', region, kubernetes, variant } as const;
    const { imageId: id, name } = imageOf(ReleaseId.parse(alias), slot);
    const gpu = variant === 'nvidia' ? 'Exists' : 'DoesNotExist';
    return {
      id,
      name,
      requirements: [
        { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] },
        { key: 'karpenter.k8s.aws/instance-gpu-count', operator: gpu },
      ],
    };
  });
}

/**
 * A fleet in memory whose staging cluster is the stand-in, with Argo CD and Karpenter in it, seen over HTTP: from the
 * merge in Git to the words in the thread.
 */
export async function observedFleet({
  unresolved,
  ...spec
}: Pick<ClusterSpec, 'nodes'> &
  Partial<ClusterSpec> & {
    /** A release that Karpenter finds no image of, though it was published; absent: it finds all. */
    unresolved?: ReleaseId;
  }) {
  const memory = memoryWorld({ images });
  const { clock, git } = memory;
  const path = demoPath('staging', cluster);
  const standIn = await startKubernetesStandIn({
    clock,
    faults: new Faults('kubernetes'),
    git: {
      head: () => git.by.headOf('main'),
      files: () => [{ path, content: git.text('main', path) }],
    },
    resolve: ({ region, kubernetes, terms: [term] }) =>
      term?.alias === unresolved && unresolved !== undefined
        ? 'unresolved'
        : resolved(term?.alias ?? oldRelease, region, kubernetes),
    clusters: [{ name: cluster, region: 'eu-west-1', kubernetes: '1.35', denied: [], ...spec }],
    argocd: {
      applications: [
        {
          name: 'karpenter-config',
          cluster,
          repoURL: `https://github.com/${git.repository}.git`,
          branch: 'main',
          path: path.replace(/\/[^/]+$/, ''),
        },
      ],
    },
  });
  const real = createClusters({
    clusters: [
      {
        name: cluster,
        connection: {
          kind: 'server',
          server: standIn.serverUrl(cluster),
          token: standIn.token(cluster),
        },
        delivery: { application: 'karpenter-config' },
      },
    ],
    clock,
    log: silentLog,
    random: () => 0.5,
  });
  const others = memory.world.clusters;
  const of = (name: string) => (name === cluster ? real : others);
  const clusters: World['clusters'] = {
    ...others,
    observe: (name) => of(name).observe(name),
    glance: (name, how) => of(name).glance(name, how),
    surroundings: (name, nodes) => of(name).surroundings(name, nodes),
    kernels: (name) => of(name).kernels(name),
    volumeZones: (name) => of(name).volumeZones(name),
    notHandled: (name) => of(name).notHandled(name),
    deliverers: (name, what) => of(name).deliverers(name, what),
  };
  // the brake too is pulled over HTTP
  Object.assign(memory.nodes, { holdNodes: real.holdNodes, releaseNodes: real.releaseNodes });
  const world = { ...memory.world, clusters };
  const fleet = await storyOf({ ...memory, world });
  const threads = createThreads(world, renderThread);
  return {
    ...fleet,
    standIn,
    cluster,
    /** Lets minutes pass, with a look and an edit of the thread after each, or more often. */
    async pass(minutes: number, everyMs = minute): Promise<Rollout> {
      for (let looks = (minutes * minute) / everyMs; looks > 0; looks -= 1) {
        for (let passed = 0; passed < everyMs; passed += 5 * second) {
          clock.advance(5 * second);
          standIn.tick();
        }
        await settled();
        await lookOnce(world, fleet.id);
        await threads.sync(fleet.id);
      }
      return lookOnce(world, fleet.id);
    },
    /** All that the channel and the thread say now, message by message. */
    said: () => memory.messages.map(({ text, blocks }) => `${text} ${JSON.stringify(blocks)}`),
    async close(): Promise<void> {
      await real.close();
      await standIn.close();
    },
  };
}

export type ObservedFleet = Awaited<ReturnType<typeof observedFleet>>;
