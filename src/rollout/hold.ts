import type { ReleaseId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { day } from '../shared/time.ts';

/** Something is kept behind on purpose, until a day: never longer than this, and never extended silently. */
export const longestHoldMs = 90 * day;

/** How long before its end a hold is warned of. */
export const warnOfHoldMs = 7 * day;

export type HoldKind = 'cluster' | 'pool' | 'variant';

/** What is held: a cluster, the NodePools of a name (in one cluster, or wherever there is one), or an image variant. */
export type HoldScope = {
  readonly kind: HoldKind;
  readonly name: string;
  readonly cluster?: string;
};

export type Hold = HoldScope & {
  readonly until: Instant;
  readonly reason: string;
  /** A Slack user id, or whoever the configuration names. */
  readonly by: string;
  /** When it was set; absent: it is configured. */
  readonly at?: Instant;
};

/** Why somebody has to think again about a hold they set. */
export type HoldDoubt =
  /** What runs there was taken back. */
  | { readonly kind: 'recalled'; readonly release: ReleaseId; readonly detail: string }
  /** What it keeps away fixes critical or known-exploited vulnerabilities. */
  | { readonly kind: 'fix'; readonly release: ReleaseId; readonly fixes: readonly string[] };

/** Where a release must not go: everywhere, or only where all that is said holds. */
export type BadScope = {
  readonly cluster?: string;
  readonly kubernetes?: string;
  readonly architecture?: string;
  readonly variant?: string;
};

export type BadRelease = BadScope & {
  readonly release: ReleaseId;
  readonly reason: string;
  readonly by: string;
  readonly at: Instant;
};

/** What is known of the nodes a pin feeds in one cluster. */
export type Feeds = {
  readonly cluster: string;
  readonly kubernetes: string;
  /** `undefined`: the cluster could not be seen, and what is not known is not let through. */
  readonly pools?: readonly string[];
  readonly variants?: readonly string[];
  readonly architectures?: readonly string[];
};

/** Whether a hold keeps back what feeds these nodes. */
export function holds({ kind, name, cluster }: HoldScope, feeds: Feeds): boolean {
  if (cluster !== undefined && cluster !== feeds.cluster) return false;
  switch (kind) {
    case 'cluster':
      return feeds.cluster === name;
    case 'pool':
      return feeds.pools?.includes(name) ?? true;
    case 'variant':
      return feeds.variants?.includes(name) ?? true;
  }
}

/** Whether a release was marked bad for these nodes. */
export function isBadFor(
  { cluster, kubernetes, architecture, variant }: BadScope,
  feeds: Feeds,
): boolean {
  return (
    (cluster === undefined || cluster === feeds.cluster) &&
    (kubernetes === undefined || kubernetes === feeds.kubernetes) &&
    (architecture === undefined || (feeds.architectures?.includes(architecture) ?? true)) &&
    (variant === undefined || (feeds.variants?.includes(variant) ?? true))
  );
}

/** Whether a mark is for a release everywhere. */
export function isEverywhere({ cluster, kubernetes, architecture, variant }: BadScope): boolean {
  return [cluster, kubernetes, architecture, variant].every((one) => one === undefined);
}

export function sameScope(a: HoldScope, b: HoldScope): boolean {
  return a.kind === b.kind && a.name === b.name && a.cluster === b.cluster;
}

/** `prod-eu-1`, `pool gpu in prod-eu-1`, `variant nvidia`. */
export function scopeText({ kind, name, cluster }: HoldScope): string {
  const place = cluster === undefined ? '' : ` in ${cluster}`;
  return `${kind === 'cluster' ? '' : `${kind} `}${name}${place}`;
}

/** `al2023@v20261118 for variant nvidia in prod-eu-1`. */
export function badText({
  release,
  cluster,
  kubernetes,
  architecture,
  variant,
}: BadScope & { readonly release: string }): string {
  const parts = [
    ...(variant === undefined ? [] : [`variant ${variant}`]),
    ...(architecture === undefined ? [] : [architecture]),
    ...(kubernetes === undefined ? [] : [`Kubernetes ${kubernetes}`]),
    ...(cluster === undefined ? [] : [cluster]),
  ];
  return parts.length === 0 ? release : `${release} for ${parts.join(', ')}`;
}
