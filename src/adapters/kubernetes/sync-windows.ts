import { z } from 'zod';
import type { Clock, Instant } from '../../shared/time.ts';
import { minute } from '../../shared/time.ts';
import { type SyncHeld, type SyncWindow, syncHeldBy } from '../../tracking/sync-windows.ts';
import type { ApplicationView } from '../../tracking/types.ts';
import type { ApiClient } from './api-client.ts';
import { ClusterUnreachableError } from './cluster-unreachable-error.ts';

const names = z.array(z.string()).nullish();
const Project = z.object({
  spec: z.object({
    syncWindows: z
      .array(
        z.object({
          kind: z.enum(['allow', 'deny']).catch('deny'),
          schedule: z.string().default(''),
          duration: z.string().default(''),
          applications: names,
          namespaces: names,
          clusters: names,
          manualSync: z.boolean().default(false),
          timeZone: z.string().optional(),
          andOperator: z.boolean().default(false),
        }),
      )
      .nullish(),
  }),
});

/** How long a project's windows are believed: what waits for one is looked at every few seconds. */
const freshForMs = 5 * minute;

/**
 * Says whether sync windows hold an Application now. A project that may not be read, or makes no sense, holds nothing as
 * far as known. @throws ClusterUnreachableError when the API server does not answer.
 */
export function createSyncWindows({
  api,
  clock,
}: {
  readonly api: (cluster: string) => ApiClient;
  readonly clock: Pick<Clock, 'now'>;
}) {
  const known = new Map<
    string,
    { readonly at: Instant; readonly windows: readonly SyncWindow[] }
  >();
  return async function heldNow(
    hub: string,
    { name, namespace, project, destination = {} }: ApplicationView,
  ): Promise<SyncHeld | undefined> {
    if (project === undefined) return undefined;
    const now = clock.now();
    const key = JSON.stringify([hub, namespace, project]);
    let kept = known.get(key);
    if (kept === undefined || now - kept.at >= freshForMs) {
      // Applications may live elsewhere; their projects are where Argo CD is
      const places = [...new Set([namespace, 'argocd'])];
      const windows: SyncWindow[] = [];
      for (const place of places) windows.push(...(await windowsIn(api(hub), place, project)));
      kept = { at: now, windows };
      if (known.size > 1_000) known.clear();
      known.set(key, kept);
    }
    return syncHeldBy(kept.windows, { name, destination }, now);
  };
}

async function windowsIn(
  api: ApiClient,
  namespace: string,
  project: string,
): Promise<readonly SyncWindow[]> {
  const path = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/appprojects/${encodeURIComponent(project)}`;
  let object: unknown;
  try {
    object = await api.get(path);
  } catch (cause) {
    const status = cause instanceof ClusterUnreachableError ? cause.status : undefined;
    if (status === 403 || status === 404) return [];
    throw cause;
  }
  return (Project.safeParse(object).data?.spec.syncWindows ?? []).map((window) => ({
    kind: window.kind,
    schedule: window.schedule,
    duration: window.duration,
    applications: window.applications ?? [],
    namespaces: window.namespaces ?? [],
    clusters: window.clusters ?? [],
    manualSync: window.manualSync,
    ...(window.timeZone && { timeZone: window.timeZone }),
    andOperator: window.andOperator,
  }));
}
