import type { Instant } from '../../../shared/time.ts';
import { day } from '../../../shared/time.ts';
import type { Simulation } from '../simulation.ts';
import { poolOf } from './claims.ts';
import { initialize, launch, register } from './launch.ts';
import { createClaim } from './new-claim.ts';
import { isPoolReady } from './node-pool-controller.ts';

/** Makes the nodes a cluster begins with, as if they had run for days, as soon as their pool can have any. */
export function stepFleet(simulation: Simulation, now: Instant): void {
  const { store, memory, random } = simulation;
  if (memory.fleet.length === 0) return;
  memory.fleet = memory.fleet.filter(({ nodePool: pool, count, arch, gpu = false }) => {
    const nodePool = store.get('nodepools', pool);
    if (nodePool === undefined || !isPoolReady(nodePool)) return true;
    for (let made = 0; made < count; made += 1) {
      const born = now - random.between(1, 9) * day;
      const { name } = createClaim(simulation, nodePool, { arch, gpu }, born).metadata;
      const { launchAt = born, registerAt = born, initializeAt = born } = memory.claims[name] ?? {};
      for (const [step, at] of [
        [launch, launchAt],
        [register, registerAt],
        [initialize, initializeAt],
      ] as const) {
        const claim = store.get('nodeclaims', name);
        if (claim !== undefined) step(simulation, claim, at);
      }
    }
    return false;
  });
  if (memory.fleet.length > 0) return;
  for (const { metadata } of store.list('nodepools')) {
    const pool = metadata.name;
    const nodes = store.list('nodeclaims').filter((claim) => poolOf(claim) === pool).length;
    const replicas = memory.workloads
      .filter(({ nodePool }) => nodePool === pool)
      .reduce((sum, workload) => sum + workload.replicas, 0);
    memory.podsPerNode[pool] = Math.max(1, Math.ceil(replicas / Math.max(1, nodes)));
  }
}
