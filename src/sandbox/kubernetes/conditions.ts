import type { Instant } from '../../shared/time.ts';
import type { Condition } from './objects.ts';
import { stamp } from './objects.ts';

type Said = {
  readonly status: Condition['status'];
  /** Absent: the type's own name, as Karpenter writes it beside True. */
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
};

/** Sets one condition; its transition time moves only when the status does. */
export function withCondition(
  conditions: readonly Condition[],
  type: string,
  { status, reason = type, message = '', observedGeneration }: Said,
  now: Instant,
): readonly Condition[] {
  const before = conditions.find((condition) => condition.type === type);
  const isSame =
    before?.status === status &&
    before.reason === reason &&
    before.message === message &&
    before.observedGeneration === observedGeneration;
  if (isSame) return conditions;
  const condition: Condition = {
    type,
    status,
    reason,
    message,
    ...(observedGeneration !== undefined && { observedGeneration }),
    lastTransitionTime: before?.status === status ? before.lastTransitionTime : stamp(now),
  };
  return before === undefined
    ? [...conditions, condition]
    : conditions.map((other) => (other === before ? condition : other));
}

export function withoutCondition(
  conditions: readonly Condition[],
  type: string,
): readonly Condition[] {
  return conditions.filter((condition) => condition.type !== type);
}

/**
 * Sets Ready from the conditions it depends on: False when one is False, Unknown when one is Unknown or speaks of an
 * older generation, True else.
 */
export function withReady(
  conditions: readonly Condition[],
  dependents: readonly string[],
  generation: number,
  now: Instant,
): readonly Condition[] {
  const found = dependents.map(
    (type) => conditions.find((condition) => condition.type === type) ?? awaiting(type),
  );
  const listed = (some: readonly Pick<Condition, 'type' | 'status'>[]) =>
    some.map(({ type, status }) => `${type}=${status}`).join(', ');
  const failed = found.filter(({ status }) => status === 'False');
  const open = found.filter(
    ({ status, observedGeneration }) => status === 'Unknown' || observedGeneration !== generation,
  );
  const observedGeneration = generation;
  if (failed.length > 0) {
    const message = listed(failed);
    const said = { status: 'False', reason: 'UnhealthyDependents', message } as const;
    return withCondition(conditions, 'Ready', { ...said, observedGeneration }, now);
  }
  if (open.length > 0) {
    const message = listed(open);
    const said = { status: 'Unknown', reason: 'ReconcilingDependents', message } as const;
    return withCondition(conditions, 'Ready', { ...said, observedGeneration }, now);
  }
  return withCondition(conditions, 'Ready', { status: 'True', observedGeneration }, now);
}

export function statusOf(
  conditions: readonly Pick<Condition, 'type' | 'status'>[] | undefined,
  type: string,
): Condition['status'] | undefined {
  return conditions?.find((condition) => condition.type === type)?.status;
}

function awaiting(type: string): Pick<Condition, 'type' | 'status' | 'observedGeneration'> {
  return { type, status: 'Unknown' };
}
