import { compareReleases } from '../../images/releases.ts';
import { ReleaseId, type RepositoryName } from '../../shared/ids.ts';
import type { Log } from '../log.ts';
import type { ReleaseNote, ReleaseNotes } from '../ports/git-host.ts';

/** More pages than these are not read: some five years of weekly releases. */
const mostPages = 8;
/** Releases that are asked for one by one, where the list does not have them. */
const mostSingle = 10;

/**
 * The notes of a release, of what runs now, and of everything in between, newest first. What cannot be read is missing,
 * and whoever compares says so.
 * @param tags how a release is called in the repository: `al2023@v20251108` is `v20251108`.
 */
export async function readNotes(
  { notes, log }: { readonly notes: ReleaseNotes; readonly log: Log },
  {
    repository,
    release,
    running,
  }: {
    readonly repository: RepositoryName;
    readonly release: ReleaseId;
    readonly running: readonly string[];
  },
): Promise<readonly ReleaseNote[]> {
  const family = release.slice(0, release.indexOf('@'));
  const known = running
    .flatMap((one) => {
      const parsed = ReleaseId.safeParse(one);
      return parsed.success ? [parsed.data] : [];
    })
    .sort(compareReleases);
  const oldest = known[0] ?? release;
  const found = new Map<string, ReleaseNote>();
  let hasGap = false;
  const idOf = ({ tag }: { readonly tag: string }) => releaseOfTag(family, tag);
  try {
    for (let page = 1; page <= mostPages; page += 1) {
      const listed = await notes.releases(repository, page);
      for (const one of listed.notes) {
        const id = idOf(one);
        if (id === undefined) continue;
        // What Bottlerocket is built from may stand in the notes of an earlier release.
        if (family !== 'bottlerocket' && compareReleases(id, oldest) < 0) continue;
        if (compareReleases(id, release) <= 0) found.set(one.tag, one);
      }
      // In order of creation, which is not quite that of versions: one page beyond the oldest is enough.
      const older = listed.notes.filter((one) => {
        const id = idOf(one);
        return id !== undefined && compareReleases(id, oldest) < 0;
      });
      if (listed.last || older.length > listed.notes.length / 2) break;
    }
  } catch (cause) {
    log.warn({ repository, cause }, 'list of releases not read');
    hasGap = family === 'bottlerocket';
  }
  // Which kits a release has is told by the bumps of all before it: with a gap, that would be guessed.
  const own = tagOfRelease(release);
  if (hasGap) for (const tag of found.keys()) if (tag !== own) found.delete(tag);
  const wanted = [...new Set([release, ...(hasGap ? [] : known)])].map((one) => tagOfRelease(one));
  for (const tag of wanted.filter((one) => !found.has(one)).slice(0, mostSingle)) {
    try {
      const single = await notes.notes(repository, tag);
      if (single !== undefined) found.set(tag, single);
    } catch (cause) {
      log.warn({ repository, tag, cause }, 'release notes not read');
    }
  }
  return [...found.values()];
}

/** `al2023@v20251108` → `v20251108`, `bottlerocket@1.50.0` → `v1.50.0`. */
export function tagOfRelease(release: string): string {
  const version = release.slice(release.indexOf('@') + 1);
  return version.startsWith('v') ? version : `v${version}`;
}

function releaseOfTag(family: string, tag: string): ReleaseId | undefined {
  const version = family === 'bottlerocket' ? tag.replace(/^v/, '') : tag;
  const isTag = family === 'bottlerocket' ? /^\d+\.\d+\.\d+$/ : /^v\d{8}$/;
  if (!isTag.test(version)) return undefined;
  const parsed = ReleaseId.safeParse(`${family}@${version}`);
  return parsed.success ? parsed.data : undefined;
}
