import type { Change } from '../rollout/change.ts';

/** Names of the EC2NodeClasses a change moves in a cluster. */
export function nodeClassesOf(change: Change, cluster: string): ReadonlySet<string> {
  const names = change.pins
    .filter(({ clusters }) => clusters.includes(cluster))
    .flatMap(({ object }) => /^EC2NodeClass\/([^#]+)#/.exec(object)?.[1] ?? []);
  return new Set(names);
}
