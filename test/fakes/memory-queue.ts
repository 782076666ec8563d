import type { Clock, Instant } from '../../src/shared/time.ts';
import type { QueuePlace } from '../../src/workflow/ports/git-host.ts';
import type { MemoryCommits } from './memory-commits.ts';
import type { MemoryPull, MemoryPulls } from './memory-pulls.ts';

/** How long what is in the queue waits for others, in ms; absent: the branch has none. */
export type QueueRule = { readonly waitMs: number };

type Entry = {
  readonly number: number;
  readonly pullHead: string;
  /** What its commit stands on: the entry's before it, or the base. */
  readonly baseSha: string;
  readonly headSha: string;
  readonly at: Instant;
};

const bot = 'github-merge-queue[bot]';

/**
 * GitHub's merge queue of `main`: a commit an entry, each on the one before it. Those behind one that leaves are made
 * again without it, all are when the base moves, and each is merged once it has waited.
 */
export function memoryQueue(
  clock: Clock,
  commits: MemoryCommits,
  repo: MemoryPulls,
  rule: QueueRule | undefined,
) {
  let entries: readonly Entry[] = [];

  const entryFor = ({ number, headSha: pullHead }: MemoryPull): Entry | undefined => {
    const baseSha = entries.at(-1)?.headSha ?? repo.branches.get('main') ?? '';
    const files = commits.merged(baseSha, pullHead);
    if (files === undefined) return undefined;
    const headSha = commits.write([baseSha], files);
    return { number, pullHead, baseSha, headSha, at: clock.now() };
  };
  const rebuild = (kept: readonly Entry[]): void => {
    entries = [];
    for (const entry of kept) {
      const onto = entries.at(-1)?.headSha ?? repo.branches.get('main');
      const next = entry.baseSha === onto ? entry : entryFor(repo.pullOf(entry.number));
      if (next !== undefined) entries = [...entries, next];
    }
  };
  const isFit = ({ number, pullHead }: Entry): boolean => {
    const { state, headSha, base } = repo.pullOf(number);
    return state === 'open' && headSha === pullHead && base === 'main';
  };
  const merge = ({ number, headSha }: Entry): void => {
    const pull = repo.pullOf(number);
    repo.close(pull, bot);
    Object.assign(pull, { merged: true, mergeSha: headSha, mergedBy: bot });
    repo.move('main', headSha, bot);
  };
  const has = (number: number) => entries.some((entry) => entry.number === number);

  return {
    isFor: (base: string) => rule !== undefined && base === 'main',
    has,
    numbers: () => entries.map(({ number }) => number),
    placeOf(number: number): QueuePlace | undefined {
      const entry = entries.find((one) => one.number === number);
      return entry && { headSha: entry.headSha, baseSha: entry.baseSha };
    },
    /** Brings it to where the clock and the branches have it. */
    settle(): void {
      for (let [first] = entries; first !== undefined && rule !== undefined; [first] = entries) {
        if (!entries.every(isFit)) rebuild(entries.filter(isFit));
        else if (first.baseSha !== repo.branches.get('main')) rebuild(entries);
        else if (clock.now() >= first.at + rule.waitMs) {
          entries = entries.slice(1);
          merge(first);
        } else return;
      }
    },
    /** @returns why GitHub does not take it, in its words; `undefined`: it is in. */
    put(pull: MemoryPull, expectedHead = pull.headSha): string | undefined {
      if (rule === undefined || pull.base !== 'main')
        return `No merge queue found for branch '${pull.base}'`;
      if (pull.state === 'closed') return 'Pull request is closed';
      if (expectedHead !== pull.headSha) return `Head sha did not match expected ${expectedHead}`;
      if (has(pull.number)) return 'Pull request is already in the queue';
      const entry = entryFor(pull);
      if (entry === undefined) return 'Pull Request has merge conflicts';
      entries = [...entries, entry];
      return undefined;
    },
    take: (number: number) => rebuild(entries.filter((entry) => entry.number !== number)),
  };
}
