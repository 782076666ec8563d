import { imageName } from '../../src/images/image-name.ts';
import type { Rollout } from '../../src/rollout/rollout.ts';
import { demoModel } from '../../src/sandbox/demo-model.ts';
import { demoNotes } from '../../src/sandbox/demo-notes.ts';
import { demo } from '../../src/sandbox/demo-world.ts';
import { ReleaseId, RepositoryName } from '../../src/shared/ids.ts';
import { hour } from '../../src/shared/time.ts';
import type { NodeClaimView } from '../../src/tracking/types.ts';
import { createSpending } from '../../src/workflow/analysis/spending.ts';
import { createAnalyst } from '../../src/workflow/analyst.ts';
import { silentLog } from '../../src/workflow/log.ts';
import { noKitNotes } from '../analysis/kit-changelogs.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { noon } from '../rollout/story.ts';

const from = ReleaseId.parse(`al2023@${demo.oldRelease}`);
const repository = RepositoryName.parse('awslabs/amazon-eks-ami');
/** Kinds of image that the fleet runs: each set of clusters has facts of its own. */
const kinds = [
  ['x86_64', 'standard'],
  ['arm64', 'standard'],
  ['x86_64', 'nvidia'],
  ['x86_64', 'neuron'],
] as const;

/**
 * Model calls for a release that 1,000 clusters take: all in one rollout, and in twenty rollouts of 50 clusters of one
 * kind each, as separate fleets would have them.
 */
export async function modelCalls(): Promise<{ readonly together: number; readonly apart: number }> {
  const clusters = Array.from({ length: 1_000 }, (_, i) => ({
    name: `c${String(i).padStart(4, '0')}`,
    environment: 'production',
    region: 'eu-west-1',
    kubernetes: '1.35',
    kind: i % kinds.length,
  }));
  const together = counting(clusters);
  await together.analyst.analyse(rolloutOf(clusters));
  const apart = counting(clusters);
  for (let n = 0; n < 20; n += 1) {
    const same = clusters.filter(({ kind }) => kind === n % kinds.length);
    await apart.analyst.analyse(rolloutOf(same.slice((n >> 2) * 50, (n >> 2) * 50 + 50)));
  }
  return { together: together.calls(), apart: apart.calls() };
}

type Cluster = {
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  readonly kubernetes: string;
  readonly kind: number;
};

function rolloutOf(clusters: readonly Cluster[]): Rollout {
  const replaces = clusters.map(({ name }) => ({ cluster: name, release: from, pins: 1 }));
  const release = ReleaseId.parse(`al2023@${demo.newRelease}`);
  // Only what an analysis reads.
  return { release, family: 'al2023', environments: [{ replaces }] } as unknown as Rollout;
}

function counting(clusters: readonly Cluster[]) {
  const { world, store } = memoryWorld();
  const clock = manualClock(noon);
  let calls = 0;
  const analyst = createAnalyst({
    ...world,
    clock,
    fleet: { ...world.fleet, clusters },
    clusters: {
      ...world.clusters,
      async glance(name) {
        const { kind = 0 } = clusters.find((cluster) => cluster.name === name) ?? {};
        const nodeClaims = [0, 1, 2].map(() => ({ imageId: `ami-${kind}` }) as NodeClaimView);
        return { nodeClasses: [], nodePools: [], nodeClaims, observedAt: noon };
      },
    },
    images: {
      ...world.images,
      async describe(_, ids) {
        return ids.map((imageId) => {
          const [architecture, variant] = kinds[Number(imageId.slice(4))] ?? kinds[0];
          const slot = { family: 'al2023', kubernetes: '1.35', architecture, variant } as const;
          const name = imageName(slot, from) ?? '';
          return { imageId, name, architecture, state: '', ownerId: '', createdAt: '', tags: {} };
        });
      },
    },
    repositories: { eks: repository, bottlerocket: repository },
    notes: {
      notes: async () => undefined,
      releases: async () => ({
        notes: demo.releases.map((release) => ({
          tag: release.tag,
          title: `AMI Release ${release.tag}`,
          body: demoNotes(release),
          publishedAt: noon,
          url: 'https://github.com/awslabs/amazon-eks-ami',
        })),
        last: true,
      }),
    },
    advisories: {
      amazonLinux: async () => ({ status: 'unavailable', reason: 'not asked' }),
      bottlerocket: async () => ({ status: 'unavailable', reason: 'not asked' }),
    },
    kitNotes: noKitNotes,
    asking: {
      model: {
        identity: 'one',
        async ask({ user }) {
          calls += 1;
          const text = demoModel({
            modelId: 'one',
            system: [],
            inferenceConfig: {},
            messages: [{ role: 'user', content: [{ text: user }] }],
          });
          return { kind: 'said', text, model: 'one', inputTokens: 1, outputTokens: 1 };
        },
        screen: async () => 'passed',
        retired: async () => [],
      },
      memory: store.memory,
      clock,
      log: silentLog,
      maxTokens: 1_000,
      timeoutMs: hour,
      spending: createSpending(store.memory, { budget: { timeMs: hour, tokens: 10_000_000 } }),
    },
  });
  return { analyst, calls: () => calls };
}
