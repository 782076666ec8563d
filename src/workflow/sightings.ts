import type { Closed } from '../rollout/merge-hours.ts';
import type { Wave } from '../rollout/wave.ts';
import type { RolloutId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import type { Forecast } from '../tracking/forecast.ts';
import type { HealthCheck } from '../tracking/health.ts';
import type { OwnedBlocker } from '../tracking/owned-blockers.ts';
import type { Room } from '../tracking/room.ts';
import type { NotHandled, Surroundings } from '../tracking/types.ts';
import type { GateReading } from './ports/gates.ts';
import type { QueuePlace } from './ports/git-host.ts';

/** What the last look at a pull request found: shown, never stored. */
export type PullRequestSighting = {
  readonly passed: number;
  /** Their names. */
  readonly succeeded: readonly string[];
  readonly total: number;
  readonly failed: readonly string[];
  /** What it waits for, in words. */
  readonly waitsFor?: string;
  /** Set where its base has a merge queue. */
  readonly mergeQueue?: { readonly place?: QueuePlace };
  readonly at: Instant;
};

/** What the last look at a cluster found. */
export type ClusterSighting = {
  readonly cluster: string;
  /** The wave whose nodes were counted, by `waveKey`: the numbers of one say nothing of another. */
  readonly wave: string;
  readonly replaced: number;
  readonly total: number;
  readonly draining: number;
  readonly launching: number;
  /** What the health of its new nodes was checked by, in a sentence. */
  readonly health?: string;
  /** Nodes it has replaced an hour so far; absent: too few to tell. */
  readonly perHour?: number;
  /** When its last node is replaced, as it looks now; absent: nobody can tell. */
  readonly endsAt?: { readonly p50: Instant; readonly p80: Instant };
  /** What leaves for other causes than the rollout, in words. */
  readonly churn?: string;
  /** That a control-plane upgrade replaces nodes a second time, in words. */
  readonly upgrade?: string;
  /** Why nodes wait, a sentence each, times in ISO 8601; absent or empty: nothing known blocks. */
  readonly blockers?: readonly string[];
  /** Why no new node can launch there; absent: as far as is known, they can. */
  readonly noLaunch?: string;
  /** In words: what Argo CD or Karpenter says, or why nothing is known. */
  readonly note?: string;
  /** The page that the note speaks of. */
  readonly noteUrl?: string;
  /** What people may have synced there, and what else is out of sync and stays as it is. */
  readonly sync?: { readonly nodeClasses: readonly string[]; readonly others: readonly string[] };
  /** When the numbers were true. */
  readonly at: Instant;
  /** They are too old to be taken for now. */
  readonly stale?: boolean;
};

/** A forecast of one cluster, and what it is made without. */
export type ClusterForecast = {
  readonly forecast: Forecast;
  readonly room: Room;
  readonly notChecked: readonly string[];
  /** Nodes that no EC2NodeClass provides; absent: not counted. */
  readonly notHandled?: NotHandled;
  readonly at: Instant;
};

/** Passing knowledge of one rollout: counts and troubles for the card. Lost with the process, and no harm done. */
export type Sightings = {
  /** By `partKey`. */
  readonly pullRequests: Map<string, PullRequestSighting>;
  /** Heads to merge, and commits in a merge queue, that have our green status. */
  readonly vouchedFor: Set<string>;
  /** What our status says on heads that people merge, by commit, as far as this process has set it. */
  readonly statuses: Map<string, string>;
  readonly clusters: Map<string, ClusterSighting>;
  /** What replacing the nodes of a cluster would mean; without `forecast`: it did not answer then. */
  readonly forecasts: Map<string, ClusterForecast | { readonly at: Instant }>;
  /** NodeClaims that were coming up at the last look, and how many went away without having been Ready. */
  readonly launches: Map<
    string,
    {
      /** The images they were to run: on the way back others count. */
      readonly of: string;
      readonly coming: ReadonlySet<string>;
      readonly lost: number;
    }
  >;
  /** Since when this process sees the Application of a cluster Degraded. */
  readonly degraded: Map<string, Instant>;
  /** What alarms of one's own told of a cluster. */
  readonly gates: Map<string, { readonly readings: readonly GateReading[]; readonly at: Instant }>;
  /** What all pods of a cluster told of its new nodes. */
  readonly podChecks: Map<
    string,
    { readonly checks: readonly HealthCheck[]; readonly at: Instant }
  >;
  /** What of teams' holds nodes, and since when this process knows, by `waveKey` and cluster. */
  readonly owned: Map<
    string,
    {
      readonly cluster: string;
      readonly blockers: readonly (OwnedBlocker & { readonly since: Instant })[];
    }
  >;
  /** Where each cluster stood when its replacement was first seen: what its pace is measured from. */
  readonly starts: Map<string, { readonly at: Instant; readonly replaced: number }>;
  /** What was last read around the nodes of a cluster. */
  readonly surroundings: Map<
    string,
    {
      readonly surroundings: Surroundings;
      readonly notChecked: readonly string[];
      readonly at: Instant;
    }
  >;
  /** By cluster: nodes that this process knows to be held, when all were last looked at, and since when it may not. */
  readonly brakes: Map<
    string,
    { readonly held: Set<string>; readonly at: Instant; readonly refusedAt?: Instant }
  >;
  /** Syncs that somebody asked for and that are not permitted, by mark. */
  readonly refusedSyncs: Map<string, { readonly at: Instant; readonly words: string }>;
  /** Outside systems that did not answer, by step, with since when. */
  readonly troubles: Map<string, { readonly since: Instant; readonly what: string }>;
  /** What the clock says against a wave's merge, or that nobody can say how long it takes; by `waveKey`. */
  readonly hours: Map<string, Closed | 'forecast-unknown'>;
  /** By `waveKey`: when a wave's count last rose, and since when all of it is well. */
  readonly movement: Map<
    string,
    { readonly replaced: number; readonly at: Instant; readonly steadySince?: Instant }
  >;
  /** Healthy soak time seen, in ms, by `waveKey`. */
  readonly soaks: Map<
    string,
    {
      readonly healthyMs: number;
      /** Of all nodes together. */
      readonly healthyNodeMs: number;
      readonly at: Instant;
      readonly storedMs: number;
    }
  >;
  /** Whether a compared revision contains a merge, by repository and both commits. */
  readonly ancestry: Map<string, boolean>;
  /** Environments whose change could still be proposed when this process last computed it. */
  readonly sound: Set<string>;
  /** Environments whose change is known not to be what would be proposed now, and why; what could not be computed is in neither. */
  readonly unsound: Map<string, string>;
};

/** The sightings of a rollout, which begin empty. */
export type SightingsOf = ((id: RolloutId) => Sightings) & {
  /** Lets go of a rollout that nobody follows any more. */
  readonly forget: (id: RolloutId) => void;
};

/** One set of sightings a rollout, made when first asked for. */
export function createSightings(): SightingsOf {
  const all = new Map<RolloutId, Sightings>();
  const of = (id: RolloutId): Sightings => {
    const known = all.get(id);
    if (known !== undefined) return known;
    const fresh: Sightings = {
      pullRequests: new Map(),
      vouchedFor: new Set(),
      statuses: new Map(),
      clusters: new Map(),
      surroundings: new Map(),
      forecasts: new Map(),
      owned: new Map(),
      starts: new Map(),
      launches: new Map(),
      degraded: new Map(),
      podChecks: new Map(),
      gates: new Map(),
      brakes: new Map(),
      refusedSyncs: new Map(),
      troubles: new Map(),
      hours: new Map(),
      movement: new Map(),
      soaks: new Map(),
      ancestry: new Map(),
      sound: new Set(),
      unsound: new Map(),
    };
    all.set(id, fresh);
    return fresh;
  };
  return Object.assign(of, { forget: (id: RolloutId) => void all.delete(id) });
}

/** Names a wave within its rollout. */
export function waveKey({ environment, name }: Pick<Wave, 'environment' | 'name'>): string {
  return `${environment}/${name}`;
}
