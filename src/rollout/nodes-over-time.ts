import type { Instant } from '../shared/time.ts';
import type { RolloutEvent } from './events.ts';
import type { Rollout } from './rollout.ts';

/** How the nodes of a rollout came to its release, as its record has it: at most a quarter of a wave apart. */
export type NodesOverTime = {
  readonly release: string;
  /** What they ran before. */
  readonly before: readonly string[];
  /** Nodes of all its waves, as counted when each of them moved. */
  readonly total: number;
  /** Nodes on the release, oldest first: none at the first merge. */
  readonly points: readonly { readonly at: Instant; readonly moved: number }[];
  readonly merges: readonly { readonly environment: string; readonly at: Instant }[];
};

/** `undefined` where no node was counted: there is nothing to show. Only the way forward is told. */
export function nodesOverTime(
  { release, environments }: Pick<Rollout, 'release' | 'environments'>,
  history: readonly RolloutEvent[],
): NodesOverTime | undefined {
  const forward = new Set(
    environments.flatMap(({ waves }) => waves.map((wave) => keyOf(wave.environment, wave.name))),
  );
  /** By wave: on the release so far, and all there were. */
  const counts = new Map<string, { readonly moved: number; readonly total: number }>();
  const merges: { readonly environment: string; readonly at: Instant }[] = [];
  const points: { readonly at: Instant; readonly moved: number }[] = [];
  const moved = () => [...counts.values()].reduce((sum, one) => sum + one.moved, 0);
  for (const event of history) {
    if (!('wave' in event) || !forward.has(keyOf(event.environment, event.wave))) continue;
    const key = keyOf(event.environment, event.wave);
    if (event.type === 'PullRequestMerged') {
      merges.push({ environment: event.environment, at: event.at });
      if (points.length === 0) points.push({ at: event.at, moved: 0 });
    } else if (event.type === 'ReplacementObserved') {
      counts.set(key, { moved: event.replaced, total: event.total });
      points.push({ at: event.at, moved: moved() });
    } else if (event.type === 'SoakStarted') {
      const total = Math.max(event.total, counts.get(key)?.total ?? 0);
      counts.set(key, { moved: event.total, total });
      points.push({ at: event.at, moved: moved() });
    }
  }
  const total = [...counts.values()].reduce((sum, one) => sum + one.total, 0);
  if (total === 0) return undefined;
  const before = environments
    .flatMap(({ waves }) => waves)
    .flatMap((wave) => wave.before.map((one) => one.release))
    .filter((one) => one !== '' && one !== release);
  return { release, before: [...new Set(before)].sort(), total, points, merges };
}

function keyOf(environment: string, wave: string): string {
  return JSON.stringify([environment, wave]);
}
