import { statusOf } from '../conditions.ts';
import type { ObjectStore } from '../object-store.ts';
import type { NodeClass, NodePool } from '../objects.ts';
import type { HealthStatus } from './objects.ts';

/** Worst last: the worst of its resources is the health of an Application. */
const order: readonly HealthStatus[] = [
  'Healthy',
  'Suspended',
  'Progressing',
  'Missing',
  'Degraded',
  'Unknown',
];

/** As Argo CD's own checks (3.1 and later) judge EC2NodeClass and NodePool; other kinds count as Healthy. */
export function healthOf(
  store: ObjectStore,
  resources: readonly Readonly<Record<string, string>>[],
): HealthStatus {
  return resources
    .map(({ kind, name = '' }) => {
      if (kind === 'EC2NodeClass') return judge(store.get('ec2nodeclasses', name));
      return kind === 'NodePool' ? judge(store.get('nodepools', name)) : 'Healthy';
    })
    .reduce<HealthStatus>(
      (worst, health) => (order.indexOf(health) > order.indexOf(worst) ? health : worst),
      'Healthy',
    );
}

function judge(live: NodeClass | NodePool | undefined): HealthStatus {
  if (live === undefined) return 'Missing';
  const ready = statusOf(live.status?.conditions, 'Ready');
  if (ready === 'True') return 'Healthy';
  return ready === 'False' ? 'Degraded' : 'Progressing';
}
