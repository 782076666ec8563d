import { day, type Instant } from '../shared/time.ts';

/** EKS dates of one Kubernetes minor, as UTC days. */
export type KubernetesDates = {
  readonly released: string;
  readonly endOfStandardSupport: string;
  /** From here on EKS upgrades the control plane by itself; it does not touch the nodes. */
  readonly endOfExtendedSupport: string;
};

/** As of August 2026. Source: the table of AWS by way of endoflife.date; live: EKS DescribeClusterVersions. */
export const kubernetesDates: Readonly<Record<string, KubernetesDates>> = {
  '1.36': dates('2026-06-02', '2027-08-02', '2028-08-02'),
  '1.35': dates('2026-01-28', '2027-03-27', '2028-03-27'),
  '1.34': dates('2025-10-06', '2026-12-02', '2027-12-02'),
  '1.33': dates('2025-05-28', '2026-07-29', '2027-07-29'),
  '1.32': dates('2025-01-25', '2026-03-23', '2027-03-23'),
  '1.31': dates('2024-09-26', '2025-11-26', '2026-11-26'),
  '1.30': dates('2024-05-23', '2025-07-23', '2026-07-23'),
  '1.29': dates('2024-01-23', '2025-03-23', '2026-03-23'),
  '1.28': dates('2023-09-26', '2024-11-26', '2025-11-26'),
};

/** AWS published the last Amazon Linux 2 node images about then; later minors than 1.32 never had one. */
export const al2PublishedUntil = '2025-11-26';

/** Where a minor stands, and when that ends (exclusive); `unknown` for minors the table does not have. */
export type KubernetesSupport =
  | { readonly kind: 'standard' | 'extended'; readonly until: Instant }
  | { readonly kind: 'ended'; readonly since: Instant }
  | { readonly kind: 'unknown' };

/** Support lasts through the day the table names, in UTC. */
export function supportOf(kubernetes: string, now: Instant): KubernetesSupport {
  const row = kubernetesDates[kubernetes];
  if (row === undefined) return { kind: 'unknown' };
  const standard = endOf(row.endOfStandardSupport);
  if (now < standard) return { kind: 'standard', until: standard };
  const extended = endOf(row.endOfExtendedSupport);
  return now < extended
    ? { kind: 'extended', until: extended }
    : { kind: 'ended', since: extended };
}

function endOf(lastDay: string): Instant {
  return Date.parse(`${lastDay}T00:00:00Z`) + day;
}

function dates(
  released: string,
  endOfStandardSupport: string,
  endOfExtendedSupport: string,
): KubernetesDates {
  return { released, endOfStandardSupport, endOfExtendedSupport };
}
