import type { Instant } from '../../../shared/time.ts';
import { second } from '../../../shared/time.ts';
import type { Pod } from '../objects.ts';
import { stamp } from '../objects.ts';
import type { Simulation } from '../simulation.ts';

/** The API server's default of `terminationGracePeriodSeconds`: how long a container may take to stop. */
const graceSeconds = 30;

export function isLeaving({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** Deletes a pod as its kubelet does: told to stop, it takes its time, and keeps its place on the node until then. */
export function deletePod({ store, memory, random }: Simulation, pod: Pod, now: Instant): void {
  if (isLeaving(pod)) return;
  const until = now + random.between(2, graceSeconds) * second;
  memory.leaving = { ...memory.leaving, [keyOf(pod)]: until };
  const metadata = { ...pod.metadata, deletionTimestamp: stamp(now + graceSeconds * second) };
  store.put('pods', { ...pod, metadata }, now);
}

/** Takes a pod away whose containers have stopped. */
export function leave({ store, memory }: Simulation, pod: Pod, now: Instant): void {
  const { [keyOf(pod)]: until = now, ...others } = memory.leaving ?? {};
  if (now < until) return;
  memory.leaving = others;
  store.remove('pods', pod.metadata.name, pod.metadata.namespace);
}

function keyOf({ metadata }: Pod): string {
  return `${metadata.namespace}/${metadata.name}`;
}
