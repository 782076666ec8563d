import type { WavePlan } from './plan.ts';
import type { WaveSpec } from './policy.ts';

/** A cluster as the plan needs it. `files`: the Git files it reads; clusters that share one move together. */
export type PlannedCluster = {
  readonly name: string;
  readonly region: string;
  readonly files: readonly string[];
  /** EC2NodeClasses that its pins name; absent: none. */
  readonly nodeClasses?: readonly string[];
};

/**
 * Sorts an environment's clusters into waves, in the configured order. Clusters that read the same file cannot be
 * told apart by a pull request, so they join the latest of their waves. A wave of node classes takes these from all
 * clusters that no earlier wave took whole; the waves after it take the rest of them.
 */
export function planWaves(
  specs: readonly WaveSpec[],
  clusters: readonly PlannedCluster[],
  /** No more of them in one wave, as far as their files allow it. */
  most = Number.POSITIVE_INFINITY,
): readonly WavePlan[] {
  const left = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  const taken: string[][] = [];
  for (const spec of specs) {
    const names = takeOf(spec, [...left.values()]);
    for (const name of names) left.delete(name);
    taken.push(names);
  }
  // Whatever the list forgot still moves, last.
  taken.push([...left.keys()]);
  const whole = joined(taken, clusters);
  return whole
    .flatMap((names, index) => {
      const spec = specs[index];
      const soakMs = spec === undefined || spec === 'rest' ? undefined : spec.soakMs;
      const share = sharedOut(specs, index, whole, clusters);
      const pieces = cutTo(most, share === undefined ? names : share.clusters, clusters);
      const before = classesBefore(specs, index);
      const otherThan = before.length === 0 ? {} : { otherThan: before };
      return pieces.map((some) => ({
        clusters: some,
        ...(share === undefined ? otherThan : { nodeClasses: share.nodeClasses }),
        ...(soakMs === undefined ? {} : { soakMs }),
      }));
    })
    .map((wave, index) => ({ name: `wave-${index + 1}`, ...wave }));
}

/** What a wave of node classes takes of clusters that come whole after it; `undefined` for a wave of clusters. */
function sharedOut(
  specs: readonly WaveSpec[],
  index: number,
  whole: readonly (readonly string[])[],
  clusters: readonly PlannedCluster[],
): { readonly clusters: readonly string[]; readonly nodeClasses: string[] } | undefined {
  const spec = specs[index];
  if (spec === undefined || spec === 'rest' || !('nodeClasses' in spec)) return undefined;
  const later = new Set(whole.slice(index + 1).flat());
  const has = clusters.filter(
    ({ name, nodeClasses = [] }) =>
      later.has(name) && nodeClasses.some((one) => spec.nodeClasses.includes(one)),
  );
  return { clusters: has.map(({ name }) => name), nodeClasses: [...spec.nodeClasses] };
}

function classesBefore(specs: readonly WaveSpec[], index: number): string[] {
  return specs
    .slice(0, index)
    .flatMap((spec) => (spec !== 'rest' && 'nodeClasses' in spec ? spec.nodeClasses : []));
}

/** Names in waves that no pin names by itself: whatever feeds them moves with the rest, and the wave would be none. */
export function unknownNodeClasses(
  specs: readonly WaveSpec[],
  clusters: readonly PlannedCluster[],
): readonly string[] {
  const known = new Set(clusters.flatMap(({ nodeClasses = [] }) => nodeClasses));
  return classesBefore(specs, specs.length).filter((name) => !known.has(name));
}

/** A wave in pieces of at most so many clusters; those that share a file stay together, however many they are. */
function cutTo(
  most: number,
  names: readonly string[],
  clusters: readonly PlannedCluster[],
): string[][] {
  const pieces: string[][] = [];
  for (const group of groupsOf(names, clusters)) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + group.length <= most) last.push(...group);
    else pieces.push([...group]);
  }
  return pieces;
}

/** Clusters that no pull request can tell apart, in the order of their first. */
function groupsOf(names: readonly string[], clusters: readonly PlannedCluster[]): string[][] {
  const filesOf = new Map(clusters.map(({ name, files }) => [name, files]));
  const groups: { names: string[]; files: Set<string> }[] = [];
  for (const name of names) {
    const files = filesOf.get(name) ?? [];
    const touched = groups.filter((group) => files.some((file) => group.files.has(file)));
    const [first, ...others] = touched;
    if (first === undefined) {
      groups.push({ names: [name], files: new Set(files) });
      continue;
    }
    first.names.push(name, ...others.flatMap((group) => group.names));
    for (const file of [...files, ...others.flatMap((group) => [...group.files])]) {
      first.files.add(file);
    }
    for (const other of others) groups.splice(groups.indexOf(other), 1);
  }
  return groups.map((group) => group.names);
}

function takeOf(spec: WaveSpec, left: readonly PlannedCluster[]): string[] {
  if (spec === 'rest') return left.map(({ name }) => name);
  if ('nodeClasses' in spec) return [];
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
  return waves.map((_, index) =>
    [...waveOf].filter(([, wave]) => wave === index).map(([name]) => name),
  );
}
