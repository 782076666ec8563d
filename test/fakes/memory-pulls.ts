import type { MemoryCommits } from './memory-commits.ts';

export type MemoryPull = {
  readonly number: number;
  readonly branch: string;
  base: string;
  state: 'open' | 'closed';
  merged: boolean;
  mergeSha?: string;
  mergedBy?: string;
  closedBy?: string;
  readonly ours: boolean;
  /** Login of who opened it. */
  readonly author?: string;
  readonly title: string;
  readonly body: string;
  headSha: string;
  /** Force-pushed or deleted while it was closed: GitHub does not reopen it. */
  sealed: boolean;
  /** Head and base that somebody asked about: GitHub computes conflicts after the first question. */
  asked?: string;
};

/** Branches, pull requests, and what moving one does to the other, as GitHub does it. */
export function memoryPulls(commits: MemoryCommits) {
  const branches = new Map<string, string>();
  const pulls: MemoryPull[] = [];

  const pullOf = (number: number): MemoryPull => {
    const pull = pulls.find((one) => one.number === number);
    if (pull === undefined) throw new Error(`no pull request #${number}`);
    return pull;
  };
  const close = (pull: MemoryPull, by: string) => {
    pull.state = 'closed';
    pull.closedBy = by;
  };
  const headMoved = (pull: MemoryPull, after: string | undefined, forced: boolean, by: string) => {
    if (pull.state === 'closed') {
      pull.sealed ||= forced;
      return;
    }
    const base = branches.get(pull.base);
    if (after !== undefined) pull.headSha = after;
    // Gone, or nothing is left to merge.
    if (after === undefined || (base !== undefined && commits.isAncestor(after, base))) {
      close(pull, by);
      pull.sealed = after === undefined || forced;
    }
  };
  const move = (branch: string, after: string | undefined, by: string): void => {
    const before = branches.get(branch);
    if (before === after) return;
    if (after === undefined) branches.delete(branch);
    else branches.set(branch, after);
    const forced =
      before === undefined || after === undefined || !commits.isAncestor(before, after);
    for (const pull of pulls) if (pull.branch === branch) headMoved(pull, after, forced, by);
    if (after === undefined) return;
    for (const pull of pulls) {
      if (pull.base !== branch || pull.state !== 'open') continue;
      if (!commits.isAncestor(pull.headSha, after)) continue;
      // Its commits reached the base by hand.
      close(pull, by);
      Object.assign(pull, { merged: true, mergeSha: pull.headSha, mergedBy: by });
    }
  };
  const hasNews = (branch: string, base: string): boolean => {
    const [head, onto] = [branches.get(branch), branches.get(base)];
    return head !== undefined && onto !== undefined && !commits.isAncestor(head, onto);
  };

  return {
    branches,
    pulls,
    pullOf,
    close,
    move,
    hasNews,
    open(
      made: Pick<MemoryPull, 'branch' | 'base' | 'ours' | 'author' | 'title' | 'body'>,
    ): MemoryPull {
      if (!hasNews(made.branch, made.base)) {
        throw new Error(`No commits between ${made.base} and ${made.branch}`);
      }
      const headSha = branches.get(made.branch) ?? '';
      const number = pulls.length + 1;
      const fresh = { number, state: 'open', merged: false, headSha, sealed: false } as const;
      const pull: MemoryPull = { ...made, ...fresh };
      pulls.push(pull);
      return pull;
    },
    reopen(number: number): void {
      const pull = pullOf(number);
      const head = branches.get(pull.branch);
      if (pull.state === 'open' || pull.merged || pull.sealed || head === undefined) return;
      pull.state = 'open';
      pull.headSha = head;
      delete pull.closedBy;
    },
    fits: ({ base, headSha }: MemoryPull): boolean =>
      commits.merged(branches.get(base) ?? '', headSha) !== undefined,
    /** One commit on the base, or each of its own again; `undefined`: it conflicts. */
    merge(
      pull: MemoryPull,
      by: string,
      method: 'squash' | 'rebase' = 'squash',
    ): string | undefined {
      const base = branches.get(pull.base) ?? '';
      const files = commits.merged(base, pull.headSha);
      if (files === undefined) return undefined;
      const sha =
        method === 'squash' ? commits.write([base], files) : commits.rebased(base, pull.headSha);
      if (sha === undefined) return undefined;
      close(pull, by);
      Object.assign(pull, { merged: true, mergeSha: sha, mergedBy: by });
      move(pull.base, sha, by);
      return sha;
    },
    /** As GitHub tells it: not at the first question after something moved. */
    conflicts(number: number): boolean {
      const pull = pullOf(number);
      const base = branches.get(pull.base);
      if (pull.state === 'closed' || base === undefined) return false;
      const key = `${pull.headSha} ${base}`;
      const asked = pull.asked === key;
      pull.asked = key;
      return asked && commits.merged(base, pull.headSha) === undefined;
    },
  };
}
export type MemoryPulls = ReturnType<typeof memoryPulls>;
