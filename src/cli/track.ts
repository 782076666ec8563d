import { createClusters } from '../adapters/kubernetes/create-clusters.ts';
import { stripControl } from '../shared/text.ts';
import type { Clock } from '../shared/time.ts';
import { isoOf, second } from '../shared/time.ts';
import { phaseOf } from '../tracking/phase.ts';
import type { Tracked, TrackReport } from '../tracking/track-report.ts';
import { trackReport } from '../tracking/track-report.ts';
import { trackText } from '../tracking/track-text.ts';
import type { ClusterView } from '../tracking/types.ts';
import { wantedImagesOf } from '../tracking/wanted-images.ts';
import { isStale } from '../workflow/wave-progress.ts';
import { localTimes } from './local-times.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';

type Asked = {
  /** Absent: where kubectl looks. */
  readonly kubeconfig?: string;
  /** Absent: the current context. */
  readonly context?: string;
  readonly nodeClass?: string;
  readonly asJson: boolean;
  /** IANA name, of the times in the text; absent: the terminal's. */
  readonly timeZone?: string;
  /** Ends when it aborts; absent: one look. */
  readonly watch?: AbortSignal;
};

/** Between two looks of `--watch`; the objects themselves are watched. */
const lookEveryMs = 5 * second;

/**
 * Shows how far the nodes of any cluster are, with no configuration of ours.
 * @throws CommandError when the cluster has no Karpenter we can read, or not that EC2NodeClass.
 */
export async function track(asked: Asked, { out }: Output, clock: Clock): Promise<void> {
  const { kubeconfig, context, watch } = asked;
  const { timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone } = asked;
  const cluster = context ?? 'the cluster';
  const clusters = createClusters({
    clock,
    clusters: [
      {
        name: cluster,
        connection: {
          kind: 'kubeconfig',
          ...(kubeconfig === undefined ? {} : { path: kubeconfig }),
          ...(context === undefined ? {} : { context }),
        },
      },
    ],
  });
  try {
    const handled = await demandKarpenter(clusters, cluster);
    let last = '';
    do {
      const report = await look(clusters, cluster, { ...asked, handled }, clock);
      const news = newsOf(report);
      if (news !== last)
        out(
          asked.asJson
            ? spelled(report, watch !== undefined)
            : localTimes(stripControl(trackText(report)), timeZone),
        );
      last = news;
      if (watch !== undefined) await clock.sleep(lookEveryMs, watch);
    } while (watch !== undefined && !watch.aborted);
  } finally {
    await clusters.close();
  }
}

/** What has to change before it is told again: times that only move on with the clock are no news. */
function newsOf({ forecast, ...report }: TrackReport): string {
  const moving = forecast === null ? null : { ...forecast, startsAt: null, endsAt: null };
  return JSON.stringify({ ...report, at: null, forecast: moving });
}

type Reads = ReturnType<typeof createClusters>;

/** One object, over several lines; while watching a line each, so that lines can be read one by one. */
function spelled(report: TrackReport, line: boolean): string {
  return line ? JSON.stringify(report) : JSON.stringify(report, undefined, 2);
}

/** @returns whether there are EC2NodeClasses; without them, Auto Mode alone may run Karpenter. */
async function demandKarpenter(clusters: Reads, cluster: string): Promise<boolean> {
  const [core, provider] = await Promise.all([
    clusters.served(cluster, 'karpenter.sh'),
    clusters.served(cluster, 'karpenter.k8s.aws'),
  ]);
  if (core.length === 0)
    throw new CommandError(`${cluster} has no Karpenter: it serves no karpenter.sh.`);
  for (const [group, versions] of [
    ['karpenter.sh', core],
    ['karpenter.k8s.aws', provider],
  ] as const)
    if (versions.length > 0 && !versions.includes('v1'))
      throw new CommandError(
        stripControl(
          `${cluster} serves ${versions.map((version) => `${group}/${version}`).join(', ')}. Amiable reads ${group}/v1, that is Karpenter 1.0 and later.`,
        ),
      );
  return provider.length > 0;
}

async function look(
  clusters: Reads,
  cluster: string,
  { nodeClass, watch, handled }: Asked & { readonly handled: boolean },
  clock: Clock,
): Promise<TrackReport> {
  const notChecked: string[] = [];
  const part = async <T>(name: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (cause) {
      notChecked.push(`${name}: ${cause instanceof Error ? cause.message.slice(0, 300) : ''}`);
      return undefined;
    }
  };
  const view = handled ? await seen(clusters, cluster, watch !== undefined) : nothingSeen(clock);
  if (nodeClass !== undefined && !view.nodeClasses.some(({ name }) => name === nodeClass))
    throw new CommandError(`${cluster} has no EC2NodeClass ${nodeClass}.`);
  const around = await clusters.surroundings(cluster, nodesInQuestion(view));
  const notHandled = await part('other nodes', () => clusters.notHandled(cluster));
  const applications = await part('Argo CD', () => applicationsOf(clusters, cluster));
  const now = clock.now();
  // a time alone is no news, so that a server which fell silent would look like one where nothing moves
  if (isStale(view.observedAt, now))
    notChecked.push(`what changed since: the cluster is not seen since ${isoOf(view.observedAt)}`);
  return trackReport({
    view,
    surroundings: around.surroundings,
    applications: applications ?? [],
    notHandled,
    notChecked: [...around.notChecked, ...notChecked],
    now,
    ...(nodeClass === undefined ? {} : { nodeClass }),
  });
}

/** Nodes that are not where they should be: only their pods are asked about. */
function nodesInQuestion({ nodeClasses, nodeClaims }: ClusterView): readonly string[] {
  const wanted = new Map(nodeClasses.map((one) => [one.name, wantedImagesOf(one)]));
  return nodeClaims.flatMap((claim) => {
    const images = wanted.get(claim.nodeClass);
    const done = images === undefined || phaseOf(claim, images) === 'done';
    return done || claim.nodeName === undefined ? [] : [claim.nodeName];
  });
}

function seen(clusters: Reads, cluster: string, watching: boolean): Promise<ClusterView> {
  return watching ? clusters.observe(cluster) : clusters.glance(cluster, { samples: 5 });
}

function nothingSeen(clock: Clock): ClusterView {
  return { nodeClasses: [], nodePools: [], nodeClaims: [], observedAt: clock.now() };
}

/** @throws Error when Argo CD is not there: it may run in another cluster. */
async function applicationsOf(clusters: Reads, cluster: string): Promise<Tracked['applications']> {
  if ((await clusters.served(cluster, 'argoproj.io')).length === 0)
    throw new Error('it does not run in this cluster');
  return clusters.owningApplications(cluster);
}
