import type { KitName } from '../../analysis/bottlerocket-advisory.ts';
import type { KitNotes } from '../../analysis/kit-notes.ts';
import type { Clock } from '../../shared/time.ts';
import { second } from '../../shared/time.ts';
import type { Log } from '../../workflow/log.ts';
import type { KitNotesSource } from '../../workflow/ports/kit-notes.ts';
import { wordsOf } from './feed-error.ts';
import type { FeedLimits } from './fetch-feed.ts';
import { keptFeed } from './kept-feed.ts';
import { type KitChangelogCopy, readKitChangelog } from './kit-changelog.ts';

/** The real ones have less than 100 KB; both are read before a card says what changes. */
export const changelogLimits: FeedLimits = {
  timeoutMs: 20 * second,
  maxBytes: 4_000_000,
  maxUnpacked: 4_000_000,
};

/**
 * The changelogs of Bottlerocket's kits. Nothing is asked before the first call; an address that is absent is switched
 * off.
 * @param options.everyMs how long a copy is taken without asking whether there is a newer one.
 */
export function createKitNotes({
  clock,
  log,
  everyMs,
  core,
  kernel,
  limits: given = {},
}: {
  readonly clock: Clock;
  readonly log: Log;
  readonly everyMs: number;
  readonly core?: string;
  readonly kernel?: string;
  readonly limits?: Partial<FeedLimits>;
}): KitNotesSource {
  const limits = { ...changelogLimits, ...given };
  const feedOf = (kit: KitName, url: string | undefined): (() => Promise<KitNotes>) => {
    if (url === undefined) {
      return async () => ({ status: 'unavailable', reason: 'reading its notes is switched off.' });
    }
    const kept = keptFeed(
      (before: KitChangelogCopy | undefined) => readKitChangelog(url, before, limits),
      { everyMs, clock, log, name: kit },
    );
    return async () => {
      try {
        return { status: 'read', releases: (await kept()).releases };
      } catch (cause) {
        return { status: 'unavailable', reason: `${wordsOf(cause)}.` };
      }
    };
  };
  const [coreKit, kernelKit] = [
    feedOf('bottlerocket-core-kit', core),
    feedOf('bottlerocket-kernel-kit', kernel),
  ];
  return {
    async read() {
      const [first, second] = await Promise.all([coreKit(), kernelKit()]);
      return { 'bottlerocket-core-kit': first, 'bottlerocket-kernel-kit': second };
    },
  };
}
