import { recallAlert, recallLifted } from '../../blocks/recall-alert.ts';
import { unapprovedImages } from '../../blocks/unapproved-images.ts';
import { bindFile, filePattern } from '../../src/config/file-patterns.ts';
import { imageName } from '../../src/images/image-name.ts';
import type { Image } from '../../src/images/types.ts';
import { RolloutEvent } from '../../src/rollout/events.ts';
import { isDecision } from '../../src/rollout/is-decision.ts';
import { demoManifest, demoPath } from '../../src/sandbox/demo-world.ts';
import { ReleaseId, SlackUserId } from '../../src/shared/ids.ts';
import type { ApplicationView, Deliverers, NodeClaimView } from '../../src/tracking/types.ts';
import { answerQuestion } from '../../src/workflow/analysis/answer-question.ts';
import type { EffectObserver } from '../../src/workflow/effect.ts';
import { createEffects } from '../../src/workflow/effect.ts';
import type { Fleet } from '../../src/workflow/fleet.ts';
import { createJournal } from '../../src/workflow/journal.ts';
import { silentLog } from '../../src/workflow/log.ts';
import type { Clusters } from '../../src/workflow/ports/clusters.ts';
import type { Images } from '../../src/workflow/ports/images.ts';
import type { Message, Messenger } from '../../src/workflow/ports/messenger.ts';
import type { NodeBrakes } from '../../src/workflow/ports/node-brakes.ts';
import type { Page, Pages } from '../../src/workflow/ports/pages.ts';
import type { AnnouncedRelease } from '../../src/workflow/ports/release-list.ts';
import { createSightings } from '../../src/workflow/sightings.ts';
import { createPinWatch } from '../../src/workflow/watched-pins.ts';
import type { World } from '../../src/workflow/world.ts';
import { ann, bo, noon, policy } from '../rollout/story.ts';
import type { GitModel } from './git-model.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import { memoryApplications } from './memory-applications.ts';
import { memoryGitHost } from './memory-git-host.ts';
import { createMemoryStore } from './memory-store.ts';

export const oldRelease = ReleaseId.parse('al2023@v20261021');
export const newRelease = ReleaseId.parse('al2023@v20261118');

const clusters = [
  { name: 'stg', environment: 'staging', region: 'eu-west-1', kubernetes: '1.35' },
  { name: 'prod-a', environment: 'production', region: 'eu-west-1', kubernetes: '1.35' },
  { name: 'prod-b', environment: 'production', region: 'us-east-1', kubernetes: '1.35' },
] as const;

/** The images every release has: x86_64 and arm64 standard, in every region; ids say what they are. */
function imagesOf(release: ReleaseId, region: string): Image[] {
  return (['x86_64', 'arm64'] as const).map((architecture) => {
    const slot = {
      family: 'al2023',
      region,
      kubernetes: '1.35',
      architecture,
      variant: 'standard',
    } as const;
    return {
      ...slot,
      release,
      imageId: idOf(release, region, architecture),
      name: imageName(slot, release) ?? '',
    };
  });
}

export function idOf(release: string, region: string, architecture = 'x86_64'): string {
  return `ami-${Buffer.from(`${release.slice(-8)}${region}${architecture}`)
    .toString('hex')
    .slice(0, 40)}`;
}

export type MemoryWorldOptions = {
  readonly observe?: EffectObserver;
  readonly counts?: number;
  /** Instead of the demo's manifest at a path, or beside them. */
  readonly files?: Readonly<Record<string, string>>;
  /** Instead of the two releases of AL2023. */
  readonly images?: Images;
  readonly fleet?: Partial<Fleet>;
};

/** What the fleet's repository holds at first. */
export function fleetFiles(given: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    ...Object.fromEntries(
      clusters.map(({ name, environment }) => [
        demoPath(environment, name),
        demoManifest(name, { alias: oldRelease }),
      ]),
    ),
    ...given,
  };
}

/** A whole fleet at the ports, in memory: what the workflow sees, and what a test does to it. */
export function memoryWorld(options: MemoryWorldOptions = {}) {
  const clock = manualClock(noon);
  return worldAround(clock, memoryGitHost(clock, fleetFiles(options.files)), options);
}

/** The same fleet around any model of GitHub. */
export function worldAround<Git extends GitModel>(
  clock: ManualClock,
  git: Git,
  {
    observe,
    counts = 2,
    images: otherImages,
    fleet: changed = {},
  }: Omit<MemoryWorldOptions, 'files'> = {},
) {
  const store = createMemoryStore({
    clock,
    parseEvent: (json) => RolloutEvent.parse(json),
    isDecision,
  });
  const published = new Set<ReleaseId>([oldRelease, newRelease]);
  const announced: AnnouncedRelease[] = [];
  const running = new Map<string, NodeClaimView[]>(
    clusters.map(({ name, region }) => [
      name,
      Array.from({ length: 3 }, (_, i) => claim(`${name}-${i}`, idOf(oldRelease, region))),
    ]),
  );
  /** What the live EC2NodeClass of each cluster says; follows Git only when `sync` is called. */
  const live = new Map<string, string>(clusters.map(({ name }) => [name, oldRelease]));
  const unreachable = new Set<string>();
  /** Clusters whose Argo CD does not answer. */
  const argoDown = new Set<string>();
  /** Clusters whose control plane EKS is changing, and the minors it came to. */
  const updating = new Set<string>();
  const upgraded = new Map<string, string>();
  /** What Argo CD says, by cluster. */
  const deliverers = new Map<string, Deliverers>();
  /** Applications that manage EC2NodeClasses; `readersAsked` counts how often they were listed. */
  const readers: { readonly cluster: string; readonly application: ApplicationView }[] = [];
  /** The same at destinations that are none of the clusters. */
  const elsewhere: { readonly hub: string; readonly application: ApplicationView }[] = [];
  /** `named`: the configuration says where Argo CD runs. `heard` is false again after a restart. */
  const argoCd = { readersAsked: 0, named: false, heard: false };
  /** NodePools beside `general`, by cluster, all of the one EC2NodeClass. */
  const pools = new Map<string, string[]>();
  /** What Nodes say they booted, by the image they run; others say the kernel of the old release. */
  const kernels = new Map<string, string>();
  const approvers = new Set<string>([ann, bo]);
  let slackKnows = true;

  const images: Images = {
    async recommended(slots) {
      const newest = [...published].sort().at(-1) ?? oldRelease;
      return slots.flatMap((slot) =>
        imagesOf(newest, slot.region).filter(
          (image) => image.architecture === slot.architecture && image.variant === slot.variant,
        ),
      );
    },
    async ofRelease(release, slots) {
      if (!published.has(release)) return [];
      return slots.flatMap((slot) =>
        imagesOf(release, slot.region).filter(
          (image) => image.architecture === slot.architecture && image.variant === slot.variant,
        ),
      );
    },
    async describe(region, imageIds) {
      return [...published]
        .flatMap((release) => imagesOf(release, region))
        .filter(({ imageId }) => imageIds.includes(imageId))
        .map(({ imageId, name, architecture }) => ({
          imageId,
          name,
          architecture,
          state: 'available',
          ownerId: '602401143452',
          createdAt: '2026-11-18T00:00:00.000Z',
          tags: {},
        }));
    },
  };

  const clusterReads: Clusters = {
    async observe(name) {
      if (unreachable.has(name)) throw new Error(`${name} does not answer`);
      const region = clusters.find((cluster) => cluster.name === name)?.region ?? '';
      const alias = live.get(name) ?? '';
      const amis = published.has(alias as ReleaseId)
        ? imagesOf(alias as ReleaseId, region).map(({ imageId }) => imageId)
        : [];
      return {
        nodeClasses: [
          {
            name: 'default',
            generation: 2,
            terms: [{ alias, other: false }],
            amis,
            conditions: ['AMIsReady', 'Ready'].map((type) => ({
              type,
              status: 'True' as const,
              reason: type,
              message: '',
              observedGeneration: 2,
            })),
          },
        ],
        nodePools: ['general', ...(pools.get(name) ?? [])].map((pool) => ({
          name: pool,
          nodeClass: 'default',
          managedHere: true,
          architectures: ['x86_64', 'arm64'],
        })),
        nodeClaims: running.get(name) ?? [],
        observedAt: clock.now(),
      };
    },
    async glance(name) {
      return clusterReads.observe(name);
    },
    async surroundings() {
      return { surroundings: {}, notChecked: [] };
    },
    async kernels(name) {
      return new Map(
        (running.get(name) ?? []).flatMap(({ nodeName, imageId }) =>
          nodeName === undefined || imageId === undefined
            ? []
            : [[nodeName, kernels.get(imageId) ?? '6.12.110-140.180.amzn2023.x86_64']],
        ),
      );
    },
    async volumeZones() {
      return new Map();
    },
    async notHandled() {
      return { managedNodeGroup: 0, autoMode: 0, fargate: 0, other: 0 };
    },
    async readers() {
      argoCd.readersAsked += 1;
      const silent = [...argoDown];
      if (silent.length === 0) argoCd.heard = true;
      const isKnown = silent.length === 0 || argoCd.heard;
      return {
        readers: isKnown ? [...readers] : [],
        elsewhere: isKnown ? [...elsewhere] : [],
        unheard: silent,
        neverHeard: isKnown ? [] : silent.map((cluster) => ({ cluster, named: argoCd.named })),
        refused: [],
      };
    },
    async deliverers(name) {
      if (argoDown.has(name)) throw new Error(`the Argo CD of ${name} does not answer`);
      return deliverers.get(name) ?? { kind: 'unknown', because: 'nobody said' };
    },
  };

  const messages: (Message & {
    ts: string;
    channel: string;
    threadTs?: string;
    broadcast?: boolean;
    edits: number;
  })[] = [];
  const uploads: { name: string; altText: string; bytes: Uint8Array }[] = [];
  const ephemerals: (Message & { user: string })[] = [];
  const slack: Messenger = {
    async post({ channel, threadTs, broadcast, text, blocks }) {
      const ts = `${messages.length + 1}.0`;
      messages.push({
        ts,
        channel,
        text,
        blocks,
        edits: 0,
        ...(threadTs === undefined ? {} : { threadTs }),
        ...(broadcast === undefined ? {} : { broadcast }),
      });
      return { ts };
    },
    async update({ ts, text, blocks }) {
      const message = messages.find((one) => one.ts === ts);
      if (message === undefined) return 'gone';
      Object.assign(message, { text, blocks, edits: message.edits + 1 });
      return 'updated';
    },
    async upload({ name, altText, bytes }) {
      uploads.push({ name, altText, bytes });
      return { fileId: `F${uploads.length}` };
    },
    async ephemeral({ user, text, blocks }) {
      ephemerals.push({ user, text, blocks });
    },
    async respond(_, { text, blocks }) {
      ephemerals.push({ user: 'responded', text, blocks });
    },
    async openView() {
      return { viewId: 'V1' };
    },
    async updateView() {
      return 'updated';
    },
  };

  /** What was sent to the pager, in order. */
  const paged: { readonly state: 'fire' | 'resolve'; readonly page: Page }[] = [];
  let pagerAnswers = true;
  const send = (state: 'fire' | 'resolve') => async (page: Page) => {
    if (!pagerAnswers) throw new Error('the pager does not answer');
    paged.push({ state, page });
  };
  const pages: Pages = { fire: send('fire'), resolve: send('resolve') };
  /** By cluster, the mark each held node carries. */
  const marks = new Map<string, Map<string, string>>();
  /** Clusters that forbid patching nodes and Applications, and how. */
  const forbidding = new Map<string, string>();
  const { applications, asked: askedSyncs } = memoryApplications(forbidding);
  const nodes: NodeBrakes = {
    async holdNodes(cluster, names, mark) {
      if (unreachable.has(cluster)) throw new Error(`${cluster} does not answer`);
      const refused = forbidding.get(cluster);
      if (refused !== undefined) return { held: [], refused };
      const marked = marks.get(cluster) ?? new Map<string, string>();
      for (const name of names) marked.set(name, marked.get(name) ?? mark);
      marks.set(cluster, marked);
      return { held: names };
    },
    async releaseNodes(cluster, mark) {
      if (unreachable.has(cluster)) throw new Error(`${cluster} does not answer`);
      const marked = marks.get(cluster) ?? new Map<string, string>();
      const ours = [...marked].filter(([, of]) => of === mark);
      const refused = forbidding.get(cluster);
      if (refused !== undefined && ours.length > 0)
        return { released: 0, left: ours.length, refused };
      for (const [name] of ours) marked.delete(name);
      return { released: ours.length, left: 0 };
    },
  };

  const fleet: Fleet = {
    scope: 'acme',
    channel: 'C0NODES',
    families: ['al2023'],
    customLines: [],
    denied: [],
    policies: [
      policy('staging', { approval: { users: [ann, bo], groups: [], count: counts } }),
      policy('production', {
        after: ['staging'],
        approval: { users: [ann, bo], groups: [], count: counts },
        waves: [{ clusters: 1 }, 'rest'],
      }),
    ],
    clusters,
    repositories: [
      {
        repository: git.repository,
        branch: 'main',
        bind: (path) =>
          bindFile({ files: [filePattern('clusters/{environment}/{cluster}/**/*.yaml')] }, path),
      },
    ],
    minimumAgeMs: 0,
    offerAgainAfter: { rejected: 'never', expired: 7 * 24 * 3_600_000, closed: 'never' },
    ...changed,
  };

  const world: World = {
    clock,
    log: silentLog,
    fleet,
    journal: createJournal(store.rollouts),
    store,
    github: git.host,
    pins: createPinWatch({ fleet, github: git.host }),
    documents: {
      pullRequest: ({ wave }) => ({ title: `Move ${wave.environment}`, body: 'why' }),
      recallAlert,
      recallLifted,
      unapprovedImages,
    },
    images: otherImages ?? images,
    controlPlanes: {
      minorOf: async ({ name, kubernetes }) => upgraded.get(name) ?? kubernetes ?? '1.35',
      isUpdating: async ({ name }) => updating.has(name),
    },
    releases: { newest: async () => announced },
    contents: { of: async (kinds) => kinds.map(() => ({})) },
    clusters: clusterReads,
    people: {
      async authority(person, { users }) {
        if (!slackKnows) return 'unknown';
        return approvers.has(person) && users.includes(person) ? 'yes' : 'no';
      },
      async members() {
        return [...approvers].map((one) => SlackUserId.parse(one));
      },
      async names(people) {
        return new Map(people.map((one) => [one, one]));
      },
      async utcOffsetMs() {
        return 0;
      },
    },
    analyst: {
      async analyse() {
        return { analysis: { risk: { level: 'low' } }, unavailable: 'off' };
      },
      answer: (question) => answerQuestion(undefined, silentLog, question),
      async retiredModels() {
        return [];
      },
    },
    effects: createEffects({ github: git.host, slack, nodes, pages, applications }, observe),
    sightings: createSightings(),
  };

  return {
    world,
    /** All of it, the inbox too. */
    store,
    clock,
    git,
    published,
    /** What the publisher's list of releases says. */
    announced,
    running,
    nodes,
    paged,
    setPagerAnswers(answers: boolean) {
      pagerAnswers = answers;
    },
    marks,
    forbidding,
    applications,
    /** Syncs that Argo CD was asked for. */
    askedSyncs,
    live,
    unreachable,
    argoDown,
    deliverers,
    readers,
    elsewhere,
    argoCd,
    updating,
    upgraded,
    pools,
    kernels,
    approvers,
    messages,
    uploads,
    ephemerals,
    setSlackKnows(knows: boolean) {
      slackKnows = knows;
    },
    /** Argo CD: the live node class says what Git says. */
    sync(name: string) {
      const { environment } = clusters.find((cluster) => cluster.name === name) ?? {
        environment: '',
      };
      const text = git.text('main', demoPath(environment, name));
      const alias = /alias: (\S+)/.exec(text)?.[1];
      if (alias !== undefined) live.set(name, alias);
    },
    /** Karpenter: so many nodes run what the live node class says. */
    replace(name: string, count = 3) {
      const { region } = clusters.find((cluster) => cluster.name === name) ?? { region: '' };
      const image = idOf(live.get(name) ?? '', region);
      const nodes = running.get(name) ?? [];
      running.set(
        name,
        nodes.map((node, i) => (i < count ? { ...node, imageId: image } : node)),
      );
    },
  };
}

function claim(name: string, imageId: string): NodeClaimView {
  return {
    name,
    uid: name,
    nodePool: 'general',
    nodeClass: 'default',
    imageId,
    nodeName: name,
    launched: true,
    registered: true,
    initialized: true,
    ready: true,
    drifted: false,
    deleting: false,
    disrupting: false,
  };
}
