import { type KitRelease, parseKitChangelog } from '../../analysis/kit-notes.ts';
import { FeedError } from './feed-error.ts';
import { type FeedLimits, fetchFeed, type Validators } from './fetch-feed.ts';

export type KitChangelogCopy = {
  readonly releases: readonly KitRelease[];
  readonly validators: Validators;
};

/**
 * Reads the CHANGELOG.md of a kit.
 * @throws FeedError
 */
export async function readKitChangelog(
  url: string,
  before: KitChangelogCopy | undefined,
  limits: FeedLimits,
): Promise<KitChangelogCopy> {
  const pieces: string[] = [];
  const fetched = await fetchFeed(url, before?.validators ?? {}, limits, (text) => {
    pieces.push(text);
  });
  if (fetched.kind === 'unchanged') {
    if (before === undefined) throw new FeedError('the changelog is unchanged, but unknown');
    return before;
  }
  const releases = parseKitChangelog(pieces.join(''));
  if (releases.length === 0) throw new FeedError('the changelog names no release of a kit');
  return { releases, validators: fetched.validators };
}
