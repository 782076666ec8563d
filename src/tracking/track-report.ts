import type { Instant } from '../shared/time.ts';
import { isoOf } from '../shared/time.ts';
import type { Blocker } from './blocker.ts';
import { blockerText } from './blocker-text.ts';
import { blockersOf } from './blockers-of.ts';
import { type Forecast, forecastOf } from './forecast.ts';
import { launchBlockers } from './launch-blockers.ts';
import { phaseOf } from './phase.ts';
import { progressOf } from './progress.ts';
import { resolutionOf } from './resolution.ts';
import type {
  ApplicationView,
  ClusterView,
  NodeClaimView,
  NodeClassView,
  NotHandled,
  Surroundings,
} from './types.ts';
import { isResolved, wantedImagesOf } from './wanted-images.ts';

/** What `amiable track --json` prints. Stable: fields are only added. Times are ISO 8601 in UTC. */
export type TrackReport = {
  /** When the numbers were true. */
  readonly at: string;
  readonly nodeClasses: readonly NodeClassReport[];
  readonly blockers: readonly BlockerReport[];
  /** Null when no node is to be replaced, or nobody can tell what they are to run. */
  readonly forecast: ForecastReport | null;
  readonly applications: readonly ApplicationReport[];
  /** Nodes that no EC2NodeClass provides; null when they could not be counted. */
  readonly notHandled: NotHandled | null;
  /** What could not be read, and why: nothing is known of it. */
  readonly notChecked: readonly string[];
};

export type ForecastReport = {
  /** Nodes still to be replaced; of pods null means that they were not read. */
  readonly nodes: number;
  readonly pods: number | null;
  readonly workloads: number | null;
  readonly singleReplica: readonly string[] | null;
  readonly withVolume: number | null;
  readonly doNotDisrupt: readonly string[] | null;
  readonly blockingBudgets: readonly string[] | null;
  readonly surge: readonly Omit<Forecast['surge'][number], 'cpu' | 'vcpu'>[];
  readonly shutPools: readonly string[];
  readonly startsAt: string | null;
  /** By the disruption budgets: as likely earlier as later, and four times in five. */
  readonly endsAt: { readonly p50: string; readonly p80: string } | null;
};

export type NodeClassReport = {
  readonly name: string;
  /** AMI ids its nodes are to run; empty when nobody can tell. */
  readonly wanted: readonly string[];
  readonly ready: boolean;
  readonly nodes: {
    readonly total: number;
    readonly current: number;
    readonly drifted: number;
    readonly draining: number;
    readonly launching: number;
    readonly failed: number;
  };
  readonly state: 'complete' | 'rolling' | 'no-nodes' | 'unresolved';
  /** Karpenter's words while it is unresolved. */
  readonly because: string | null;
};

export type BlockerReport = {
  readonly node: string | null;
  readonly cause: Blocker['cause'];
  readonly object: string;
  readonly owner: string | null;
  readonly since: string | null;
  readonly opensAt: string | null;
  /** How many nodes it holds back. */
  readonly nodes: number;
  readonly message: string;
};

export type ApplicationReport = {
  readonly name: string;
  readonly namespace: string;
  readonly nodeClasses: readonly string[];
  readonly sync: ApplicationView['sync'];
  readonly health: ApplicationView['health'];
  readonly revision: string | null;
  readonly autoSync: boolean;
  /** Argo CD's words on what is wrong or under way. */
  readonly message: string | null;
};

export type Tracked = {
  readonly view: ClusterView;
  readonly surroundings: Surroundings;
  readonly applications: readonly {
    readonly application: ApplicationView;
    readonly nodeClasses: readonly string[];
  }[];
  readonly notHandled: NotHandled | undefined;
  readonly notChecked: readonly string[];
  readonly now: Instant;
  /** Only this EC2NodeClass; absent: all. */
  readonly nodeClass?: string;
};

export function trackReport(tracked: Tracked): TrackReport {
  const { view, surroundings, now, nodeClass: only, notHandled } = tracked;
  const asked = view.nodeClasses.filter(({ name }) => only === undefined || name === only);
  const wanted = new Map(asked.map((nodeClass) => [nodeClass.name, wantedImagesOf(nodeClass)]));
  return {
    at: isoOf(view.observedAt),
    nodeClasses: asked.map((nodeClass) => classReport(nodeClass, view.nodeClaims, now)),
    blockers: blockersOf(view, { wanted, surroundings, now }).map(blockerReport),
    forecast: forecastReport(tracked, wanted),
    applications: tracked.applications
      .filter(({ nodeClasses }) => nodeClasses.some((name) => wanted.has(name)))
      .map(applicationReport),
    notHandled: notHandled ?? null,
    notChecked: tracked.notChecked,
  };
}

function forecastReport(
  { view, surroundings, now }: Tracked,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): ForecastReport | null {
  const known = new Map([...wanted].filter(([, images]) => images.size > 0));
  const { startsAt, endsAt, ...forecast } = forecastOf(view, { wanted: known, surroundings, now });
  if (forecast.nodes === 0) return null;
  return {
    nodes: forecast.nodes,
    pods: forecast.pods ?? null,
    workloads: forecast.workloads ?? null,
    singleReplica: forecast.singleReplica ?? null,
    withVolume: forecast.withVolume ?? null,
    doNotDisrupt: forecast.doNotDisrupt ?? null,
    blockingBudgets: forecast.blockingBudgets ?? null,
    surge: forecast.surge.map(({ cpu: _, vcpu: __, ...told }) => told),
    shutPools: forecast.shutPools,
    startsAt: startsAt === undefined ? null : isoOf(startsAt),
    endsAt: endsAt === undefined ? null : { p50: isoOf(endsAt.p50), p80: isoOf(endsAt.p80) },
  };
}

function classReport(
  nodeClass: NodeClassView,
  nodeClaims: readonly NodeClaimView[],
  now: Instant,
): NodeClassReport {
  const wanted = wantedImagesOf(nodeClass);
  const claims = nodeClaims.filter((claim) => claim.nodeClass === nodeClass.name);
  const { kind, counts } = progressOf(claims, wanted);
  const failing = claims.filter((claim) => isFailing(claim, wanted, now)).length;
  const resolved = isResolved(nodeClass);
  const resolution = resolutionOf(nodeClass, wanted);
  const state = { 'no-nodes': 'no-nodes', replacing: 'rolling', replaced: 'complete' } as const;
  return {
    name: nodeClass.name,
    wanted: [...wanted],
    ready: resolved,
    nodes: {
      total: counts.total,
      current: counts.replaced,
      drifted: counts.drifted,
      draining: counts.draining,
      launching: counts.launching - failing,
      failed: counts.notReady + failing,
    },
    state: resolved ? state[kind] : 'unresolved',
    because: resolution.kind === 'resolved' ? null : resolution.because,
  };
}

/** Counted among those that come up, and told among the blockers as one that does not. */
function isFailing(claim: NodeClaimView, wanted: ReadonlySet<string>, now: Instant): boolean {
  const comesUp = ['launching', 'registering', 'initializing'].includes(phaseOf(claim, wanted));
  return comesUp && launchBlockers(claim, now).length > 0;
}

function blockerReport(blocker: Blocker): BlockerReport {
  const { cause, object, nodes } = blocker;
  return {
    node: blocker.node ?? null,
    cause,
    object,
    owner: blocker.owner ?? null,
    since: blocker.since === undefined ? null : isoOf(blocker.since),
    opensAt: blocker.opensAt === undefined ? null : isoOf(blocker.opensAt),
    nodes,
    message: blockerText(blocker),
  };
}

function applicationReport({ application, nodeClasses }: Tracked['applications'][number]) {
  const { name, namespace, sync, health, autoSync, conditions, operation } = application;
  const condition = conditions[0];
  const ended = operation?.phase === 'Failed' || operation?.phase === 'Error';
  const said =
    condition !== undefined
      ? `${condition.type}: ${condition.message}`
      : ended || operation?.phase === 'Running'
        ? `${operation.phase}: ${operation.message}`
        : undefined;
  return {
    name,
    namespace,
    nodeClasses,
    sync,
    health,
    revision: application.revision ?? null,
    autoSync,
    message: said === undefined ? null : said.slice(0, 300),
  };
}
