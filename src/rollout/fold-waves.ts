import type { WavePlan } from './plan.ts';
import type { Environment } from './rollout.ts';
import { classesOf } from './share.ts';
import type { Part, Wave } from './wave.ts';
import { hasMergedPart, isToMerge } from './wave.ts';

/** A wave as it is planned: nothing has begun. */
export function waveOf(
  environment: string,
  { name, clusters, repositories, soakMs, ...share }: WavePlan,
): Wave {
  return {
    environment,
    name,
    clusters,
    ...classesOf({ clusters, ...share }),
    phase: { name: 'waiting' },
    repositories: repositories ?? [],
    parts: [],
    abandoned: [],
    before: [],
    ...(soakMs === undefined ? {} : { soakMs }),
  };
}

/**
 * Waves that have begun stay as they are, and first: what moved must be followed, and can be taken back. The others
 * follow the plan of the newest ask. A planned wave whose name is taken gets the next free one; pull requests that were
 * given up are kept until they are closed.
 */
export function replanned(
  { policy, waves }: Environment,
  plans: readonly WavePlan[],
): readonly Wave[] {
  const kept = waves.filter((wave) => !isPlanned(wave));
  const taken = new Set(kept.map(({ name }) => name));
  const left = new Map(
    waves.filter(isPlanned).map(({ name, abandoned, parts }) => [name, [...abandoned, ...parts]]),
  );
  const planned = plans.map((plan) => {
    const abandoned = left.get(plan.name) ?? [];
    left.delete(plan.name);
    const name = freeName(plan.name, taken);
    taken.add(name);
    return { ...waveOf(policy.name, { ...plan, name }), abandoned };
  });
  const all = [...kept, ...planned];
  const orphans = [...left.values()].flat();
  return all.map((wave, index) =>
    index === all.length - 1 ? { ...wave, abandoned: [...wave.abandoned, ...orphans] } : wave,
  );
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 1; taken.has(free); number += 1) free = `wave-${number}`;
  return free;
}

/** Nothing of it is decided or merged. */
function isPlanned(wave: Wave): boolean {
  return isToMerge(wave) && !hasMergedPart(wave);
}

/** The next ask gets pull requests of its own: what others put on the old branch stays there for them. */
export function abandonedPullRequests(wave: Wave): Wave {
  if (wave.phase.name !== 'pull-request') return wave;
  const { held: _, holds: __, digest: ___, pressed: ____, ...rest } = wave;
  return {
    ...rest,
    phase: { name: 'waiting' },
    parts: [],
    before: [],
    abandoned: [...wave.abandoned, ...givenUp(wave)],
  };
}

/** The wave's pull requests as they are remembered when they are given up. */
export function givenUp({ parts, before }: Wave): readonly Part[] {
  return parts.map((part) => ({ ...part, before }));
}

export function unstalled(wave: Wave): Wave {
  const { stalled: _, ...rest } = wave;
  return rest;
}
