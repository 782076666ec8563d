import type { RepositoryName } from '../../src/shared/ids.ts';
import type { GitHost } from '../../src/workflow/ports/git-host.ts';

export type PullInModel = {
  readonly number: number;
  readonly branch: string;
  readonly base: string;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly mergeSha?: string;
  readonly mergedBy?: string;
  readonly headSha: string;
};

/** One repository on a GitHub of tests: as the port sees it, and what others do there. */
export type GitModel = {
  readonly repository: RepositoryName;
  readonly host: GitHost;
  readonly pulls: readonly PullInModel[];
  /** Pull requests in the merge queue, the next to be merged first. */
  queue(): readonly number[];
  /** A file at the head of a branch; empty where there is none. */
  text(branch: string, path: string): string;
  /** What somebody else does. What GitHub refuses changes nothing. */
  readonly by: {
    open(branch: string, who: string, base?: string): number | undefined;
    /** @param method squash, unless told. */
    merge(number: number, who: string, method?: 'squash' | 'rebase'): string | undefined;
    close(number: number, who: string): void;
    reopen(number: number): void;
    retarget(number: number, base: string): void;
    push(branch: string, path: string, text: string, mode?: string): void;
    remove(branch: string, path: string): void;
    /** Makes the branch where there is none. */
    forcePush(branch: string, sha: string): void;
    deleteBranch(branch: string): void;
    /** Somebody else's pull request, put into the merge queue if there is one. */
    queueAnother(): void;
    takeOutOfQueue(number: number): void;
    /** Empty where there is no such branch. */
    headOf(branch: string): string;
  };
};
