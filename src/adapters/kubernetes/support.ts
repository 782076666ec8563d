import { z } from 'zod';
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
