import type { Instant } from '../../../shared/time.ts';
import { dropOldEvents } from '../events.ts';
import type { Simulation } from '../simulation.ts';
import { poolOf } from './claims.ts';
import { stepDisruption } from './disruption.ts';
import { lookSoon, stepDrift } from './drift.ts';
import { stepFleet } from './fleet.ts';
import { stepLaunches } from './launch.ts';
import { stepNodeClasses } from './node-class-controller.ts';
import { stepNodePools } from './node-pool-controller.ts';
import { stepPods } from './pods.ts';
import { stepTerminations } from './termination.ts';

/** One round of every controller. Steps should be no more than a second or two apart: within one, nothing is late. */
export function stepKarpenter(simulation: Simulation, now: Instant): void {
  const { store } = simulation;
  const changedClasses = new Set<string>();
  const stop = store.onChange(({ plural, type, object }) => {
    // a status that names other images concerns the claims as much as a changed spec
    if (plural === 'ec2nodeclasses' && type === 'MODIFIED')
      changedClasses.add(object.metadata.name);
  });
  stepNodeClasses(simulation, now);
  stop();
  stepNodePools(simulation, now);
  const changedPools = poolsThatMoved(simulation);
  if (changedClasses.size + changedPools.size > 0)
    lookSoon(
      simulation,
      (claim) =>
        changedClasses.has(claim.spec.nodeClassRef.name) || changedPools.has(poolOf(claim)),
      now,
    );
  stepFleet(simulation, now);
  stepDrift(simulation, now);
  stepDisruption(simulation, now);
  stepLaunches(simulation, now);
  stepTerminations(simulation, now);
  stepPods(simulation, now);
  dropOldEvents(simulation, now);
  simulation.memory.randomState = simulation.random.state();
}

/** Pools whose spec is another than a step ago. */
function poolsThatMoved({ store, memory }: Simulation): ReadonlySet<string> {
  const moved = new Set<string>();
  for (const { metadata } of store.list('nodepools')) {
    const { name, generation = 1 } = metadata;
    if ((memory.poolGenerations[name] ?? generation) !== generation) moved.add(name);
    memory.poolGenerations[name] = generation;
  }
  return moved;
}
