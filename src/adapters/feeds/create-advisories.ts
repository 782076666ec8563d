import type { Clock } from '../../shared/time.ts';
import { second } from '../../shared/time.ts';
import type { Log } from '../../workflow/log.ts';
import type { Advisories } from '../../workflow/ports/advisories.ts';
import { readAlas } from './alas.ts';
import { readBottlerocket } from './bottlerocket.ts';
import { readExploited } from './exploited.ts';
import { wordsOf } from './feed-error.ts';
import type { FeedLimits } from './fetch-feed.ts';
import { keptFeed } from './kept-feed.ts';

/** All advisories of Amazon Linux 2023 are about 3 MB packed and 60 MB unpacked. */
const defaults: FeedLimits = {
  timeoutMs: 60 * second,
  maxBytes: 50_000_000,
  maxUnpacked: 600_000_000,
};

const off = { status: 'unavailable', reason: 'reading advisories is switched off' } as const;

/**
 * The advisories of both families, and what CISA lists as exploited. Nothing is asked before the first call; an address
 * that is absent is switched off.
 * @param options.everyMs how long a copy is taken without asking whether there is a newer one.
 */
export function createAdvisories({
  clock,
  log,
  everyMs,
  amazonLinux,
  bottlerocket,
  exploited,
  limits: given = {},
}: {
  readonly clock: Clock;
  readonly log: Log;
  readonly everyMs: number;
  /** Mirror list of the repository. */
  readonly amazonLinux?: string;
  /** The published `updateinfo.xml.gz`. */
  readonly bottlerocket?: string;
  /** CISA's catalogue as JSON. */
  readonly exploited?: string;
  readonly limits?: Partial<FeedLimits>;
}): Advisories {
  const limits = { ...defaults, ...given };
  const keep = { everyMs, clock, log };
  const alas =
    amazonLinux === undefined
      ? undefined
      : keptFeed(
          (before: Awaited<ReturnType<typeof readAlas>> | undefined) =>
            readAlas(amazonLinux, before, limits),
          { ...keep, name: 'amazon linux' },
        );
  const kits =
    bottlerocket === undefined
      ? undefined
      : keptFeed(
          (before: Awaited<ReturnType<typeof readBottlerocket>> | undefined) =>
            readBottlerocket(bottlerocket, before, limits),
          { ...keep, name: 'bottlerocket' },
        );
  const listed =
    exploited === undefined
      ? undefined
      : keptFeed(
          (before: Awaited<ReturnType<typeof readExploited>> | undefined) =>
            readExploited(exploited, before, limits),
          { ...keep, name: 'exploited' },
        );

  /** Not knowing what is exploited costs a mark, not the advisories. */
  const known = async (): Promise<{ readonly exploited?: ReadonlySet<string> }> => {
    try {
      const copy = await listed?.();
      return copy === undefined ? {} : { exploited: copy.ids };
    } catch {
      return {}; // logged where it was read
    }
  };

  return {
    async amazonLinux() {
      if (alas === undefined) return off;
      try {
        const { index } = await alas();
        return { status: 'read', index, ...(await known()) };
      } catch (cause) {
        return { status: 'unavailable', reason: `Amazon Linux's advisories: ${wordsOf(cause)}` };
      }
    },
    async bottlerocket() {
      if (kits === undefined) return off;
      try {
        const { advisories } = await kits();
        return { status: 'read', advisories, unreadable: 0, ...(await known()) };
      } catch (cause) {
        return { status: 'unavailable', reason: `Bottlerocket's advisories: ${wordsOf(cause)}` };
      }
    },
  };
}
