import { z } from 'zod';
import { KarpenterUnsupportedError } from '../../workflow/ports/karpenter-unsupported-error.ts';
import type { ApiClient } from './api-client.ts';
import { ClusterUnreachableError } from './cluster-unreachable-error.ts';

const Group = z.object({ versions: z.array(z.object({ version: z.string() })).default([]) });

/**
 * Versions of an API group that a cluster serves; empty when it serves none.
 * @throws ClusterUnreachableError when it does not answer.
 */
export async function servedVersions(api: ApiClient, group: string): Promise<readonly string[]> {
  try {
    const { versions } = Group.parse(await api.get(`/apis/${group}`));
    return versions.map(({ version }) => version);
  } catch (cause) {
    if (cause instanceof ClusterUnreachableError && cause.status === 404) return [];
    throw cause;
  }
}

/**
 * Names the versions of Karpenter that are served where its objects were not found.
 * @throws KarpenterUnsupportedError, or `cause` itself when it has another reason.
 */
export async function explainMissing(
  api: ApiClient,
  cluster: string,
  cause: unknown,
): Promise<never> {
  if (!(cause instanceof ClusterUnreachableError) || cause.status !== 404) throw cause;
  const groups = ['karpenter.sh', 'karpenter.k8s.aws'];
  const served: string[] = [];
  for (const group of groups)
    served.push(...(await servedVersions(api, group)).map((version) => `${group}/${version}`));
  if (groups.every((group) => served.includes(`${group}/v1`))) throw cause;
  throw new KarpenterUnsupportedError(cluster, served, { cause });
}
