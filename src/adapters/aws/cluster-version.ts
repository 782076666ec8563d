import { type AwsConnection, clientOptions, once, readAws } from './connection.ts';

/** An EKS cluster, as far as images and connections need it. */
export type EksCluster = {
  /** Minor of the control plane, such as `1.35`. */
  readonly kubernetes: string;
  /** `ACTIVE`, `UPDATING`, … */
  readonly status: string;
  /** Absent while it is being created. */
  readonly endpoint?: string;
  /** PEM in base64; absent while it is being created. */
  readonly certificateAuthority?: string;
};

/** Asks EKS about one cluster. @throws AwsError, also when there is no such cluster (`ResourceNotFoundException`). */
export function createClusterVersion(
  connection: AwsConnection,
): (region: string, name: string) => Promise<EksCluster> {
  const eksOf = once(async (region) => {
    const { DescribeClusterCommand, EKSClient } = await import('@aws-sdk/client-eks');
    const client = new EKSClient(clientOptions(connection, region));
    return (name: string, abortSignal: AbortSignal) =>
      client.send(new DescribeClusterCommand({ name }), { abortSignal });
  });
  return async (region, name) => {
    const send = await eksOf(region);
    const { cluster } = await readAws(connection, 'EKS', 'DescribeCluster', (signal) =>
      send(name, signal),
    );
    const certificateAuthority = cluster?.certificateAuthority?.data;
    return {
      kubernetes: cluster?.version ?? '',
      status: cluster?.status ?? 'UNKNOWN',
      ...(cluster?.endpoint !== undefined && { endpoint: cluster.endpoint }),
      ...(certificateAuthority !== undefined && { certificateAuthority }),
    };
  };
}
