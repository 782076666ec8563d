import type { FleetCluster } from '../fleet.ts';

/** What the clusters' control planes run. */
export type ControlPlanes = {
  /**
   * Kubernetes minor of a cluster, such as `1.35`: configured, else as EKS says.
   * @throws AwsError when EKS cannot be asked and has never said; a later look may help.
   */
  minorOf(cluster: FleetCluster): Promise<string>;
  /**
   * Whether EKS is changing the control plane (`UPDATING`), as of at most a minute ago; `undefined`: EKS does not say. It
   * never fails, since a minor may be configured where EKS may not be asked.
   */
  isUpdating(cluster: FleetCluster): Promise<boolean | undefined>;
};
