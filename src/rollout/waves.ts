import type { WavePlan } from './events.ts';
import type { WaveSpec } from './policy.ts';

/** A cluster as the plan needs it. `files`: the Git files it reads; clusters that share one move together. */
export type PlannedCluster = {
  readonly name: string;
  readonly region: string;
  readonly files: readonly string[];
};

/**
 * Sorts an environment's clusters into waves, in the configured order. Clusters that read the same file cannot be
 * told apart by a pull request, so they join the latest of their waves.
 */
export function planWaves(
  specs: readonly WaveSpec[],
  clusters: readonly PlannedCluster[],
): readonly WavePlan[] {
  const left = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  const waves: string[][] = [];
  for (const spec of specs) {
    const taken = takeOf(spec, [...left.values()]);
    for (const name of taken) left.delete(name);
    waves.push(taken);
  }
  // Whatever the list forgot still moves, last.
  waves.push([...left.keys()]);
  return joined(waves, clusters).map((names, index) => ({
    name: `wave-${index + 1}`,
    clusters: names,
  }));
}

function takeOf(spec: WaveSpec, left: readonly PlannedCluster[]): string[] {
  if (spec === 'rest') return left.map(({ name }) => name);
  if ('perRegion' in spec) {
    const taken = new Map<string, string[]>();
    for (const { name, region } of left) {
      const inRegion = taken.get(region) ?? [];
      if (inRegion.length < spec.perRegion) taken.set(region, [...inRegion, name]);
    }
    return [...taken.values()].flat();
  }
  if (typeof spec.clusters === 'number')
    return left.slice(0, spec.clusters).map(({ name }) => name);
  const named = spec.clusters;
  return left.filter(({ name }) => named.includes(name)).map(({ name }) => name);
}

function joined(waves: readonly string[][], clusters: readonly PlannedCluster[]): string[][] {
  const filesOf = new Map(clusters.map(({ name, files }) => [name, files]));
  const waveOf = new Map(
    waves.flatMap((names, index) => names.map((name) => [name, index] as const)),
  );
  for (let moved = true; moved; ) {
    moved = false;
    const latest = new Map<string, number>();
    for (const [name, index] of waveOf) {
      for (const file of filesOf.get(name) ?? [])
        latest.set(file, Math.max(index, latest.get(file) ?? 0));
    }
    for (const [name, index] of waveOf) {
      const target = Math.max(
        index,
        ...(filesOf.get(name) ?? []).map((file) => latest.get(file) ?? 0),
      );
      if (target > index) {
        waveOf.set(name, target);
        moved = true;
      }
    }
  }
  return waves
    .map((_, index) => [...waveOf].filter(([, wave]) => wave === index).map(([name]) => name))
    .filter((names) => names.length > 0);
}
