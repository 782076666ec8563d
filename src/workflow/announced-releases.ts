import { releaseId } from '../images/releases.ts';
import type { Family } from '../images/types.ts';
import type { RepositoryName } from '../shared/ids.ts';
import type { Clock, Instant } from '../shared/time.ts';
import { hour } from '../shared/time.ts';
import type { Log } from './log.ts';
import type { ReleaseNotes } from './ports/git-host.ts';
import type { AnnouncedRelease, ReleaseList } from './ports/release-list.ts';

/** Marks come by hand, hours or days after a release; looking more often finds nothing more. */
const freshFor = hour;

/** Reads the list of releases of a family's public repository, once an hour, by a conditional request. */
export function createReleaseList({
  notes,
  repositories,
  clock,
  log,
}: {
  readonly notes: Pick<ReleaseNotes, 'releases'>;
  readonly repositories: { readonly eks: RepositoryName; readonly bottlerocket: RepositoryName };
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'warn'>;
}): ReleaseList {
  const read = new Map<
    Family,
    { readonly at: Instant; readonly releases: readonly AnnouncedRelease[] }
  >();
  return {
    async newest(family) {
      const repository = repositoryOf(repositories, family);
      if (repository === undefined) return [];
      const before = read.get(family);
      const at = clock.now();
      if (before !== undefined && at < before.at + freshFor) return before.releases;
      try {
        const { notes: listed } = await notes.releases(repository, 1);
        const releases = listed.flatMap(({ tag, title, publishedAt }) => {
          const release = releaseId(family, tag);
          return release === undefined ? [] : [{ release, title, publishedAt }];
        });
        read.set(family, { at, releases });
        return releases;
      } catch (cause) {
        // Comfort, not authority: the parameters say what exists, and an old list is better than none.
        log.warn({ family, repository, cause }, 'list of releases not read');
        const releases = before?.releases ?? [];
        read.set(family, { at, releases });
        return releases;
      }
    },
  };
}

function repositoryOf(
  { eks, bottlerocket }: { readonly eks: RepositoryName; readonly bottlerocket: RepositoryName },
  family: Family,
): RepositoryName | undefined {
  switch (family) {
    case 'al2023':
    case 'al2':
      return eks;
    case 'bottlerocket':
      return bottlerocket;
    case 'windows2019':
    case 'windows2022':
    case 'windows2025':
    case 'ubuntu':
    case 'custom':
      return undefined;
  }
}
