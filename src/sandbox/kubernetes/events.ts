import { sha256 } from '../../shared/canonical.ts';
import type { Instant } from '../../shared/time.ts';
import { hour, minute } from '../../shared/time.ts';
import type { AnyObject } from './objects.ts';
import { stamp } from './objects.ts';
import type { Simulation } from './simulation.ts';

type Said = {
  readonly type?: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** The same words are not repeated for so long, in ms; 2 minutes by default, as Karpenter has it. */
  readonly quietMs?: number;
};

/** Records a core event about an object; the same words again only raise its count. */
export function recordEvent(
  { store }: Simulation,
  about: AnyObject,
  { type = 'Normal', reason, message, quietMs = 2 * minute }: Said,
  now: Instant,
): void {
  const { name: of, namespace: its, uid } = about.metadata;
  // events about cluster-scoped objects are kept in the namespace default
  const namespace = its ?? 'default';
  const name = `${of}.${sha256(`${about.kind}/${reason}/${message}`).slice(0, 16)}`;
  const before = store.get('events', name, namespace);
  if (before !== undefined && now - Date.parse(before.lastTimestamp) < quietMs) return;
  store.put(
    'events',
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      type,
      reason,
      message,
      count: (before?.count ?? 0) + 1,
      firstTimestamp: before?.firstTimestamp ?? stamp(now),
      lastTimestamp: stamp(now),
      source: { component: 'karpenter' },
      reportingComponent: 'karpenter',
      reportingInstance: '',
      involvedObject: {
        apiVersion: about.apiVersion,
        kind: about.kind,
        name: of,
        ...(its !== undefined && { namespace: its }),
        ...(uid !== undefined && { uid }),
      },
    },
    now,
  );
}

/** The event of a condition that became True; Karpenter sends none for conditions that did not exist before. */
export function recordTransition(
  simulation: Simulation,
  about: AnyObject,
  condition: string,
  now: Instant,
): void {
  const change = `Type: ${condition}, Status: Unknown -> True, Reason: ${condition}`;
  const message = `Status condition transitioned, ${change}`;
  recordEvent(simulation, about, { reason: condition, message }, now);
}

/** The API server keeps events for an hour; looking every minute is close enough. */
export function dropOldEvents({ store, memory }: Simulation, now: Instant): void {
  if (now < memory.sweepAt) return;
  memory.sweepAt = now + minute;
  for (const { metadata, lastTimestamp } of store.list('events'))
    if (now - Date.parse(lastTimestamp) > hour)
      store.remove('events', metadata.name, metadata.namespace);
}
