import type { Environment, Rollout } from './rollout.ts';
import { environmentNamed, isEnded } from './rollout.ts';

/**
 * Whether every environment before this one has soaked healthily, and nobody has to answer for a merge there. One that
 * is not part of the rollout had nothing to move. An environment that is only observed also follows what ended.
 */
export function mayStart(rollout: Rollout, { policy }: Environment): boolean {
  return earlierOnes(rollout, policy.after).every(({ phase, unapprovedMerge }) =>
    policy.mode === 'observe'
      ? isEnded(phase)
      : phase.name === 'complete' && unapprovedMerge === undefined,
  );
}

/** The environment before this one that ended and so keeps it from ever starting; `undefined` while there is hope. */
export function cutOffBy(rollout: Rollout, { policy }: Environment): Environment | undefined {
  return earlierOnes(rollout, policy.after).find(
    ({ phase, observed }) =>
      isEnded(phase) &&
      phase.name !== 'complete' &&
      !(observed !== undefined && policy.mode === 'observe'),
  );
}

/** Names of the environments that come after this one, at whatever distance. */
export function laterOnes({ environments }: Rollout, name: string): ReadonlySet<string> {
  const later = new Set<string>();
  for (let known = -1; known < later.size; ) {
    known = later.size;
    for (const { policy } of environments) {
      if (policy.after.some((before) => before === name || later.has(before))) {
        later.add(policy.name);
      }
    }
  }
  return later;
}

function earlierOnes(rollout: Rollout, names: readonly string[]): readonly Environment[] {
  return names.flatMap((name) => environmentNamed(rollout, name) ?? []);
}
