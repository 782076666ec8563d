import { readsFile } from '../tracking/application-reads.ts';
import type { ApplicationSource } from '../tracking/types.ts';
import type { Fleet } from './fleet.ts';
import type { Watched } from './watched-pins.ts';

/** What a cluster's Application reads, as Argo CD says. */
export type SourcesOf = ReadonlyMap<string, readonly ApplicationSource[]>;

/**
 * Where the patterns of `repositories[].files` and Argo CD disagree on who reads a file: by cluster, a sentence each. A
 * file moves with the environment it is bound to, so one that reaches further must be said to.
 */
export function argoCdMismatches(
  fleet: Pick<Fleet, 'clusters'>,
  { pins }: Pick<Watched, 'pins'>,
  sourcesOf: SourcesOf,
  isSame: (address: string, repository: string) => boolean,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const say = (cluster: string, what: string) =>
    found.set(cluster, [...(found.get(cluster) ?? []), what]);
  const files = new Map(pins.map((at) => [`${at.repository} ${at.path}`, at]));
  for (const { name, environment } of fleet.clusters) {
    const sources = sourcesOf.get(name);
    if (sources === undefined) continue;
    const reads = [...files.values()].filter(({ repository, path }) =>
      readsFile(sources, path, (address) => isSame(address, repository)),
    );
    const bound = [...files.values()].filter(({ clusters }) => clusters.includes(name));
    if (bound.length > 0 && bound.every((at) => at.shared === undefined && !reads.includes(at))) {
      const folders = sources.map(({ repository, folder = '' }) =>
        `${repository} ${folder}`.trim(),
      );
      say(name, `its Application reads none of its watched files; it reads ${folders.join(', ')}`);
    }
    for (const at of reads) {
      const reached = at.shared ?? [at.environment];
      if (reached.includes(environment)) continue;
      say(
        name,
        `its Application reads ${at.path}, which is bound to ${reached.join(' and ')}: write {pattern: …, environments: [${[...reached, environment].join(', ')}]}`,
      );
    }
  }
  return found;
}
