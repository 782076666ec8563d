import { didYouMean } from '../config/nearest.ts';
import { isEnded } from '../rollout/phases.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { CommandError } from './output.ts';

/**
 * The clusters that `--clusters` names.
 * @throws CommandError (2) for one that is not in the rollout: a typing error must not leave a cluster as it is.
 */
export function chosenClusters({ id, environments }: Rollout, typed: string): readonly string[] {
  const known = environments.flatMap(({ waves }) => waves.flatMap(({ clusters }) => clusters));
  const chosen = typed.split(',').map((name) => name.trim());
  for (const name of chosen) {
    if (known.includes(name)) continue;
    const all = [...new Set(known)].join(', ');
    const told = `${JSON.stringify(name)} is no cluster of ${id}, which has ${all}.`;
    throw new CommandError(`${told}${didYouMean(name, known)}`, 2);
  }
  return [...new Set(chosen)];
}

/** What goes back to what, and which clusters stay as they are, a line each. */
export function wayBackLines(
  { environments, rollback }: Rollout,
  chosen: readonly string[] = [],
): readonly string[] {
  const waves = environments
    .flatMap(({ recoveries }) => recoveries)
    .filter(({ phase }) => !isEnded(phase));
  const leftOut = rollback?.leftOut ?? [];
  const told = new Set([
    ...waves.flatMap(({ clusters }) => clusters),
    ...leftOut.map(({ cluster }) => cluster),
  ]);
  return [
    ...waves.map(
      ({ environment, clusters, recovery }) =>
        `  ${environment}: ${clusters.join(', ')} back to ${recovery?.to ?? 'what ran before'}`,
    ),
    ...leftOut.map(({ cluster, why }) => `  left out: ${cluster}: ${why}`),
    ...chosen
      .filter((name) => !told.has(name))
      .map((name) => `  left out: ${name}: nothing of this rollout is to be taken back there`),
  ];
}
