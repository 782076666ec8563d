import { type AdvisoryIndex, indexAdvisories } from '../../analysis/advisory.ts';
import { alasPackages } from '../../analysis/cves-fixed.ts';
import { updateinfoReader } from '../../analysis/updateinfo.ts';
import { FeedError } from './feed-error.ts';
import { type FeedLimits, fetchFeed, isAllowed, type Validators } from './fetch-feed.ts';

/** The advisories of Amazon Linux 2023 as of one state of its repository. */
export type AlasCopy = {
  readonly index: AdvisoryIndex;
  readonly base: string;
  readonly repomd: Validators;
  /** SHA-256 that the repository names for its advisories. */
  readonly checksum: string;
};

/** Of lists and indexes of the repository, in bytes; real ones have hundreds and thousands. */
const small = { maxBytes: 200_000, maxUnpacked: 200_000 };

/**
 * Reads Amazon Linux's repository as `dnf` does: the mirror list names the base, `repomd.xml` the advisories and their
 * checksum. What has not changed is not read again.
 * @throws FeedError, UpdateinfoError
 */
export async function readAlas(
  mirrorList: string,
  before: AlasCopy | undefined,
  limits: FeedLimits,
): Promise<AlasCopy> {
  const base = await baseOf(mirrorList, limits);
  const known = before?.base === base ? before : undefined;
  let repomd = '';
  const indexed = await fetchFeed(
    `${base}repodata/repomd.xml`,
    known?.repomd ?? {},
    { ...limits, ...small },
    (text) => {
      repomd += text;
    },
  );
  if (indexed.kind === 'unchanged') {
    if (known === undefined) throw new FeedError('the repository is unchanged, but unknown');
    return known;
  }
  const { href, checksum } = updateinfoIn(repomd);
  if (known?.checksum === checksum) return { ...known, repomd: indexed.validators };
  const reader = updateinfoReader(alasPackages);
  const fetched = await fetchFeed(`${base}${href}`, {}, limits, (text) => reader.push(text));
  if (fetched.kind === 'unchanged' || fetched.sha256 !== checksum) {
    throw new FeedError('the advisories are not those that the repository names (checksum)');
  }
  const index = indexAdvisories(reader.end());
  if (index.size === 0) throw new FeedError('the feed names no advisory of a package we compare');
  return { base, checksum, repomd: indexed.validators, index };
}

/** The first mirror; it must be where the list is, or Amazon's. */
async function baseOf(mirrorList: string, limits: FeedLimits): Promise<string> {
  let list = '';
  await fetchFeed(mirrorList, {}, { ...limits, ...small }, (text) => {
    list += text;
  });
  const first = list.split(/\s+/).find((line) => line !== '') ?? '';
  const base = first.endsWith('/') ? first : `${first}/`;
  if (!isAllowed(base)) throw new FeedError('the mirror list names no address');
  const { host, hostname } = new URL(base);
  const isTrusted =
    host === new URL(mirrorList).host || /\.(?:amazonlinux|amazonaws)\.com$/.test(hostname);
  if (!isTrusted) throw new FeedError(`the mirror list leads to ${host}`);
  return base;
}

function updateinfoIn(repomd: string): { readonly href: string; readonly checksum: string } {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(repomd)) {
    throw new FeedError('the repository declares a document type or entities');
  }
  const data = /<data type="updateinfo">([\s\S]{0,2000}?)<\/data>/.exec(repomd)?.[1] ?? '';
  const href = /<location href="(repodata\/[A-Za-z0-9._-]{1,200})"/.exec(data)?.[1];
  const checksum = /<checksum type="sha256">([0-9a-f]{64})<\/checksum>/.exec(data)?.[1];
  if (href === undefined || checksum === undefined) {
    throw new FeedError('the repository names no advisories');
  }
  return { href, checksum };
}
