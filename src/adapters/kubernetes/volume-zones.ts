import { z } from 'zod';
import type { Log } from '../../workflow/log.ts';
import type { ApiClient } from './api-client.ts';
import { type Read, readWith } from './kube-object.ts';
import { listAll } from './list-all.ts';
import type { WatchedKind } from './watched-kinds.ts';

const mostVolumes = 20_000;

const Expression = z.object({
  key: z.string(),
  operator: z.string(),
  values: z.array(z.string()).default([]),
});

const PersistentVolume = z.object({
  spec: z.object({
    claimRef: z.object({ namespace: z.string(), name: z.string() }).nullish(),
    nodeAffinity: z
      .object({
        required: z
          .object({
            nodeSelectorTerms: z.array(
              z.object({ matchExpressions: z.array(Expression).nullish() }),
            ),
          })
          .nullish(),
      })
      .nullish(),
  }),
});
type PersistentVolume = z.infer<typeof PersistentVolume>;

/** The well-known label, and that of the EBS driver before it used the well-known one. */
const zoneKeys = new Set(['topology.kubernetes.io/zone', 'topology.ebs.csi.aws.com/zone']);

type Bound = { readonly claim: string; readonly zones: readonly string[] };

const volumes: WatchedKind<Bound> = {
  kind: 'PersistentVolume',
  path: '/api/v1/persistentvolumes',
  read: readVolume,
};

/**
 * The zones in which a pod may mount what a PersistentVolumeClaim is bound to, by `namespace/name`; volumes of every zone,
 * such as EFS's, are left out.
 * @throws ClusterUnreachableError when it does not answer, or does not permit it.
 */
export async function volumeZones(
  api: ApiClient,
  set: { readonly cluster: string; readonly log: Log },
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { items } = await listAll(api, volumes, set, mostVolumes);
  const zones = new Map<string, readonly string[]>();
  for (const { claim, zones: its } of items.values())
    if (claim !== '' && its.length > 0) zones.set(claim, its);
  return zones;
}

function readVolume(object: unknown): Read<Bound> {
  return readWith<typeof PersistentVolume, Bound>(PersistentVolume, object, {
    view: ({ spec }) => ({
      claim: spec.claimRef == null ? '' : `${spec.claimRef.namespace}/${spec.claimRef.name}`,
      zones: zonesOf(spec),
    }),
    unreadable: () => ({ claim: '', zones: [] }),
  });
}

/** Terms are ORed: one that names no zone is of every zone. */
function zonesOf({ nodeAffinity }: PersistentVolume['spec']): readonly string[] {
  const terms = (nodeAffinity?.required?.nodeSelectorTerms ?? []).map(({ matchExpressions }) =>
    (matchExpressions ?? []).flatMap(({ key, operator, values }) =>
      zoneKeys.has(key) && operator === 'In' ? values : [],
    ),
  );
  return terms.some((zones) => zones.length === 0) ? [] : [...new Set(terms.flat())];
}
