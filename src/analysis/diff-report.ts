import type { PackageChange, SecurityFacts } from './types.ts';

/** What `amiable diff --json` prints; names and meanings are stable, fields are only added. */
export type DiffReport = {
  readonly from: string;
  readonly to: string;
  readonly kubernetes: string;
  /** EKS AMI type, or a variant of Bottlerocket. */
  readonly type: string;
  /** All packages of the image, the unchanged ones too, by name. */
  readonly packages: readonly PackageChange[];
  readonly cves: readonly {
    readonly id: string;
    readonly severity: string;
    readonly package: string;
    readonly fixedIn: string;
    readonly advisory: string;
  }[];
  /**
   * What could not be told, one sentence each: first each release whose notes were not found or not read, then whether
   * vulnerabilities were checked, then the rest.
   */
  readonly unknown: readonly string[];
};

/** The differences for one kind of image, as data. */
export function diffReport(options: {
  readonly from: string;
  readonly to: string;
  readonly kubernetes: string;
  readonly type: string;
  readonly packages: readonly PackageChange[];
  readonly security: SecurityFacts;
  /** A sentence for each release without notes. */
  readonly missing: readonly string[];
  readonly unknowns: readonly string[];
}): DiffReport {
  const { from, to, kubernetes, type, packages, security, missing, unknowns } = options;
  const checked = security.status === 'checked';
  const unchecked = checked
    ? security.unchecked.map((name) => `${name}: vulnerabilities were not checked.`)
    : [`Vulnerabilities were not checked: ${security.reason}`];
  return {
    from,
    to,
    kubernetes,
    type,
    packages: packages.map(({ name, from: before, to: after, change }) => ({
      name,
      from: before,
      to: after,
      change,
    })),
    cves: (checked ? security.fixed : []).map(
      ({ id, severity, package: name, fixedIn, advisory }) => ({
        id,
        severity,
        package: name,
        fixedIn,
        advisory,
      }),
    ),
    unknown: [...missing, ...unchecked, ...unknowns],
  };
}
