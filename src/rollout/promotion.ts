import type { Ended } from './phases.ts';
import { isEnded } from './phases.ts';
import type { Environment, Rollout } from './rollout.ts';
import { environmentNamed } from './rollout.ts';

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

/** As what an environment before this one ended, and so keeps it from ever starting; `undefined` while there is hope. */
export function cutOffBy(rollout: Rollout, { policy }: Environment): Ended | undefined {
  for (const { phase, observed } of earlierOnes(rollout, policy.after)) {
    const follows = observed !== undefined && policy.mode === 'observe';
    if ('at' in phase && !follows) return phase.name;
  }
  return undefined;
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
