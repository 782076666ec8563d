import type { Instant } from '../../../shared/time.ts';
import type { Simulation } from '../simulation.ts';

/** The PersistentVolumeClaim that a workload's pods mount. */
export function claimOf(app: string): string {
  return `data-${app}`;
}

/** The volumes of workloads that have one, as the EBS driver makes them: each of one zone. */
export function addVolumes({ store, memory }: Simulation, now: Instant): void {
  for (const { namespace, app, volumeIn } of memory.workloads) {
    if (volumeIn === undefined) continue;
    const key = 'topology.kubernetes.io/zone';
    store.put(
      'persistentvolumes',
      {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: `pvc-${namespace}-${app}` },
        spec: {
          capacity: { storage: '20Gi' },
          accessModes: ['ReadWriteOnce'],
          claimRef: { namespace, name: claimOf(app) },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key, operator: 'In', values: [volumeIn] }] },
              ],
            },
          },
        },
        status: { phase: 'Bound' },
      },
      now,
    );
  }
}
