import { follows } from '../tracking/delivering-applications.ts';
import type { ApplicationSource, ApplicationView } from '../tracking/types.ts';
import type { Fleet } from './fleet.ts';
import { reads } from './further-readers.ts';
import type { Watched, WatchedPin } from './watched-pins.ts';

/** Applications that deliver node classes to a cluster, by cluster, as Argo CD says. */
export type ApplicationsOf = ReadonlyMap<
  string,
  readonly Pick<ApplicationView, 'sources' | 'nodeClasses'>[]
>;

/**
 * Where the patterns of `repositories[].files` and Argo CD disagree on who reads a file: by cluster, a sentence each. A
 * file moves with the environment it is bound to, so one that reaches further must be said to.
 */
export function argoCdMismatches(
  fleet: Pick<Fleet, 'clusters'>,
  { pins }: Pick<Watched, 'pins'>,
  applicationsOf: ApplicationsOf,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const say = (cluster: string, what: string) =>
    found.set(cluster, [...(found.get(cluster) ?? []), what]);
  for (const { name, environment } of fleet.clusters) {
    const applications = applicationsOf.get(name);
    if (applications === undefined) continue;
    const readPins = pins.filter((at) => applications.some((one) => reads(one, at)));
    const bound = pins.filter(({ clusters }) => clusters.includes(name));
    if (
      bound.length > 0 &&
      bound.every((at) => at.shared === undefined && !readPins.includes(at))
    ) {
      const whose = applications.length === 1 ? 'its Application reads' : 'its Applications read';
      const pronoun = applications.length === 1 ? 'it reads' : 'they read';
      const folders = applications.flatMap(({ sources = [] }) =>
        sources.map((source) => sourceText(source, bound)),
      );
      say(name, `${whose} none of its watched files; ${pronoun} ${folders.join(', ')}`);
    }
    for (const at of onceAFile(readPins)) {
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

function onceAFile(pins: readonly WatchedPin[]): readonly WatchedPin[] {
  return [...new Map(pins.map((at) => [`${at.repository} ${at.path}`, at])).values()];
}

/** With the revision, where that is why it reads nothing. */
function sourceText(
  { repository, folder = '', revision }: ApplicationSource,
  bound: readonly WatchedPin[],
): string {
  const isOther = bound.every(({ branch }) => !follows(revision, branch));
  return `${repository} ${folder}${isOther ? ` at ${revision}` : ''}`.trim();
}
