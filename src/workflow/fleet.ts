import type { CustomLine } from '../images/custom-line.ts';
import type { Denial } from '../images/offer.ts';
import type { Family } from '../images/types.ts';
import type { Hold } from '../rollout/hold.ts';
import type { EnvironmentPolicy } from '../rollout/policy.ts';
import type { RepositoryName, SlackGroupId, SlackUserId } from '../shared/ids.ts';
import type { HealthThresholds } from '../tracking/health.ts';
import type { OwnerChannel } from '../tracking/owned-blockers.ts';

/** A cluster Amiable looks after. */
export type FleetCluster = {
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  /** Control plane minor, such as `1.35`; absent: EKS is asked. */
  readonly kubernetes?: string;
  /** Its name in EKS; absent: the same. */
  readonly eks?: string;
};

/** Whose file it is: of a cluster, of all clusters of an environment, or of several environments at once. */
export type FileOwner = {
  readonly environment?: string;
  readonly cluster?: string;
  readonly environments?: readonly string[];
};

/** A branch whose files hold pins, and which clusters read which file. */
export type WatchedRepository = {
  readonly repository: RepositoryName;
  readonly branch: string;
  /** Environment and cluster a path belongs to; `undefined`: not watched. Only an environment: all its clusters read it. */
  bind(path: string): FileOwner | undefined;
};

/** What the configuration says the workflow looks after. */
export type Fleet = {
  /** Names this fleet in rollout ids. */
  readonly scope: string;
  readonly channel: string;
  /** Families whose releases are offered; the others are reported. */
  readonly families: readonly Family[];
  /** Images of one's own. */
  readonly customLines: readonly CustomLine[];
  /** Releases nobody shall be offered, with the reason. */
  readonly denied: readonly Denial[];
  /** What the configuration keeps behind. */
  readonly holds?: readonly Hold[];
  /** In promotion order. */
  readonly policies: readonly EnvironmentPolicy[];
  /** What `policies` are made of: each by itself, and who is said to share files; absent: nobody shares any. */
  readonly written?: {
    readonly policies: readonly EnvironmentPolicy[];
    readonly shared: readonly (readonly string[])[];
  };
  readonly clusters: readonly FleetCluster[];
  readonly repositories: readonly WatchedRepository[];
  /** Who is told in a channel of their own of what holds nodes; absent: nobody. */
  readonly owners?: readonly OwnerChannel[];
  /** When health is breached, by environment; absent: as by default. */
  readonly health?: ReadonlyMap<string, HealthThresholds>;
  /** A release younger than this is not offered yet, in ms. */
  readonly minimumAgeMs: number;
  /** Slack users by GitHub login in lower case, as far as the configuration maps them. */
  readonly logins?: ReadonlyMap<string, SlackUserId>;
  /** Groups of which one has to be a member at the click only, not still at the merge. */
  readonly atClickGroups?: readonly SlackGroupId[];
  /** How long after a rollout ended untaken the same release may be offered again, in ms; `never` means never. */
  readonly offerAgainAfter: Readonly<Record<'rejected' | 'expired' | 'closed', number | 'never'>>;
};

export function policyOf(fleet: Fleet, environment: string): EnvironmentPolicy | undefined {
  return fleet.policies.find(({ name }) => name === environment);
}

/** Clusters an environment moves: its own, and those of others that read a file which moves with it. */
export function clustersMovedBy(
  fleet: Fleet,
  environment: string,
  pins: readonly { readonly environment: string; readonly clusters: readonly string[] }[],
): readonly FleetCluster[] {
  const readers = new Set(
    pins.filter((at) => at.environment === environment).flatMap(({ clusters }) => clusters),
  );
  return fleet.clusters.filter((one) => one.environment === environment || readers.has(one.name));
}

export function clustersOf(fleet: Fleet, environment: string): readonly FleetCluster[] {
  return fleet.clusters.filter((cluster) => cluster.environment === environment);
}
