import type { Change } from '../rollout/change.ts';
import type { IntendedSelector } from '../tracking/resolution.ts';

/** Names of the EC2NodeClasses a change moves in a cluster. */
export function nodeClassesOf(change: Change, cluster: string): ReadonlySet<string> {
  const names = change.pins
    .filter(({ clusters }) => clusters.includes(cluster))
    .flatMap(({ object }) => /^EC2NodeClass\/([^#]+)#/.exec(object)?.[1] ?? []);
  return new Set(names);
}

/** What the change writes into a node class of a cluster; `undefined` when it moves no pin of it. */
export function intendedSelector(
  change: Change,
  cluster: string,
  nodeClass: string,
): IntendedSelector | undefined {
  const pins = change.pins.filter(
    ({ clusters, object }) =>
      clusters.includes(cluster) && object.startsWith(`EC2NodeClass/${nodeClass}#`),
  );
  const alias = pins.find(({ kind }) => kind === 'alias');
  if (alias !== undefined) return { kind: 'alias', value: alias.to };
  // A class may list several ids of which only some moved; the others stand as they were.
  return undefined;
}
