import type { Advisory } from '../../analysis/advisory.ts';
import { updateinfoReader } from '../../analysis/updateinfo.ts';
import { FeedError } from './feed-error.ts';
import { type FeedLimits, fetchFeed, type Validators } from './fetch-feed.ts';

export type BottlerocketCopy = {
  /** Those that name the kit they came with; older ones belong to releases before the kits. */
  readonly advisories: readonly Advisory[];
  readonly validators: Validators;
};

/**
 * Reads Bottlerocket's published advisories, all releases in one file.
 * @throws FeedError, UpdateinfoError
 */
export async function readBottlerocket(
  url: string,
  before: BottlerocketCopy | undefined,
  limits: FeedLimits,
): Promise<BottlerocketCopy> {
  const reader = updateinfoReader();
  const fetched = await fetchFeed(url, before?.validators ?? {}, limits, (text) =>
    reader.push(text),
  );
  if (fetched.kind === 'unchanged') {
    if (before === undefined) throw new FeedError('the feed is unchanged, but unknown');
    return before;
  }
  const advisories = reader.end().filter(({ kit }) => kit !== undefined);
  if (advisories.length === 0) throw new FeedError('the feed names no advisory of a kit');
  return { advisories, validators: fetched.validators };
}
