import { z } from 'zod';
import { canonicalJson } from '../../shared/canonical.ts';
import { comparedBy } from '../../tracking/compared-by.ts';
import type { NodeClassSyncs } from '../../workflow/ports/node-class-syncs.ts';
import type { ApiClient } from './api-client.ts';
import { ourInfo, readApplication } from './application-view.ts';
import { ClusterUnreachableError } from './cluster-unreachable-error.ts';

const Current = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  spec: z.object({
    sources: z.array(z.unknown()).optional(),
    syncPolicy: z.object({ syncOptions: z.array(z.string()).nullish() }).nullish(),
  }),
  operation: z.unknown().optional(),
  status: z
    .object({
      sync: z
        .object({ revision: z.string().optional(), revisions: z.array(z.string()).optional() })
        .optional(),
    })
    .default({}),
});

type What = Parameters<NodeClassSyncs['syncNodeClasses']>[1];

/**
 * Asks the Application controller for a sync as Argo CD's own API server does: by writing `operation` into the
 * Application, on the version that was read. Infra's sync.yaml permits this and nothing else.
 */
export async function syncNodeClasses(
  api: ApiClient,
  { namespace, application, nodeClasses, mark, compared }: What,
): ReturnType<NodeClassSyncs['syncNodeClasses']> {
  // without resources it would be a sync of everything
  if (nodeClasses.length === 0) throw new Error(`${application}: no EC2NodeClass to sync`);
  const path = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/applications/${application}`;
  try {
    const object = await api.get(path);
    const view = readApplication(object);
    if (view.marks?.includes(mark) === true) return { kind: 'already' };
    const { metadata, spec, operation, status } = Current.parse(object);
    if (compared !== undefined && canonicalJson(compared) !== canonicalJson(comparedBy(view)))
      return { kind: 'refused', words: 'Argo CD has compared it with another revision meanwhile' };
    const runs = view.operation?.phase === 'Running' || view.operation?.phase === 'Terminating';
    if ((operation !== undefined && operation !== null) || runs) return { kind: 'busy' };
    const { revision, revisions } = status.sync ?? {};
    const several = (spec.sources ?? []).length > 0;
    const at = several ? { revisions } : { revision };
    if ((several ? revisions : revision) === undefined)
      return { kind: 'refused', words: 'Argo CD has compared it with nothing yet' };
    const syncOptions = spec.syncPolicy?.syncOptions ?? [];
    await api.patch(
      path,
      {
        metadata: { resourceVersion: metadata.resourceVersion },
        operation: {
          initiatedBy: { username: 'amiable' },
          info: [{ name: ourInfo, value: mark }],
          sync: {
            ...at,
            resources: nodeClasses.map((name) => ({
              group: 'karpenter.k8s.aws',
              kind: 'EC2NodeClass',
              name,
            })),
            ...(syncOptions.length > 0 && { syncOptions }),
          },
        },
      },
      { fieldManager: 'amiable-sync' },
    );
    return { kind: 'started' };
  } catch (cause) {
    if (!(cause instanceof ClusterUnreachableError)) throw cause;
    // somebody else came first: the next look sees what they did
    if (cause.status === 409) return { kind: 'busy' };
    if ([403, 404, 422].includes(cause.status ?? 0))
      return { kind: 'refused', words: cause.said ?? cause.message };
    throw cause;
  }
}
