import type { WavePhase } from './phases.ts';
import type { Environment, Rollout } from './rollout.ts';
import { hasMergedPart } from './wave.ts';

/** Where a cluster that moved goes back to, or why it cannot. */
export type WayBack =
  | { readonly cluster: string; readonly to: string }
  | { readonly cluster: string; readonly why: string };

/** Ends of a way back that may have left the new pins where they are: it can be asked for again. */
const cameToNothing: ReadonlySet<WavePhase['name']> = new Set(['overtaken', 'closed', 'failed']);

/**
 * Clusters of an environment that moved and were not taken back yet.
 * @param chosen only these; absent: all of them.
 */
export function movedClusters(
  { waves, recoveries }: Environment,
  chosen?: readonly string[],
): readonly string[] {
  const back = recoveries
    .filter(({ phase }) => !cameToNothing.has(phase.name))
    .flatMap(({ clusters }) => clusters);
  // A cluster whose node classes move one after another is in several waves.
  const moved = new Set(waves.filter(hasMergedPart).flatMap(({ clusters }) => clusters));
  return [...moved].filter(
    (name) => !back.includes(name) && (chosen === undefined || chosen.includes(name)),
  );
}

/** The same clusters, each with its way back: every wave that moved one has to have found something proven there. */
export function waysBack(environment: Environment, chosen?: readonly string[]): readonly WayBack[] {
  const before = environment.waves.filter(hasMergedPart).flatMap((wave) => wave.before);
  return movedClusters(environment, chosen).map((cluster) => {
    const all = before.filter((one) => one.cluster === cluster);
    const unproven = all.find(({ proven }) => !proven);
    if (all.length === 0) return { cluster, why: 'what ran before was not recorded' };
    if (unproven !== undefined)
      return { cluster, why: `no Ready node had proven ${unproven.release}` };
    return { cluster, to: [...new Set(all.map(({ release }) => release))].sort().join(', ') };
  });
}

/** Whether a cluster that moved has a proven image to go back to, also after the rollout ended. */
export function hasWayBack({ environments }: Rollout): boolean {
  return environments.some((environment) => waysBack(environment).some((way) => 'to' in way));
}

/**
 * Nodes of a rollout that were replaced, as last recorded, of all in the clusters that moved and were not taken back.
 * @returns `undefined` while some of them were not counted yet; `total` is 0 where none was.
 */
export function nodesMoved({
  environments,
}: Pick<Rollout, 'environments'>):
  | { readonly replaced: number; readonly total: number }
  | undefined {
  const moved = environments.flatMap((environment) => movedClusters(environment));
  const waves = environments
    .flatMap((environment) => environment.waves)
    .filter((wave) => hasMergedPart(wave) && wave.clusters.some((name) => moved.includes(name)));
  const counts = waves.map(({ phase }) => countIn(phase));
  const known = counts.flatMap((one) => one ?? []);
  if (known.length > 0 && known.length < counts.length) return undefined;
  return {
    replaced: known.reduce((sum, one) => sum + one.replaced, 0),
    total: known.reduce((sum, one) => sum + one.total, 0),
  };
}

function countIn(
  phase: WavePhase,
): { readonly replaced: number; readonly total: number } | undefined {
  if (phase.name === 'replacing') return { replaced: phase.replaced, total: phase.total };
  if (phase.name === 'soaking') return { replaced: phase.total, total: phase.total };
  if (phase.name === 'complete')
    return { replaced: phase.replaced, total: phase.replaced + phase.tail.length };
  return undefined;
}
