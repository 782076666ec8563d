import type { RepositoryName } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';

/** A file of a commit. `mode` is Git's: `100644`, `100755`, `120000` (symbolic link), `160000` (submodule). */
export type GitFile = {
  readonly path: string;
  readonly mode: string;
  readonly blob: string;
  readonly size: number;
};

export type PullRequestView = {
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly headSha: string;
  readonly headBranch: string;
  /** `owner/name` of the head's repository; absent when that fork is gone. */
  readonly headRepository?: string;
  readonly baseBranch: string;
  /** True when our own GitHub App opened it. */
  readonly ours: boolean;
  /** Login of who opened it; absent for ours, and where that account is gone. */
  readonly author?: string;
  readonly mergeSha?: string;
  readonly mergedBy?: string;
  /** `amiable`: we did, whether we remember it or not. */
  readonly closedBy?: string;
  readonly draft: boolean;
};

/** A check run or commit status on a head, as branch protection sees it. */
export type CheckView = {
  readonly name: string;
  readonly state: 'pending' | 'success' | 'failure';
  readonly required: boolean;
  readonly url?: string;
};

/** A place in a merge queue: the commit GitHub would put on the base, and what it was made on. Absent: not made yet. */
export type QueuePlace = { readonly headSha?: string; readonly baseSha?: string };

/** A pull request in a merge queue, the next to be merged first. */
export type QueuedPull = { readonly number: number; readonly place: QueuePlace };

/** Whether a pull request could be merged now, in GitHub's words. */
export type MergeReadiness = {
  readonly checks: readonly CheckView[];
  /** `APPROVED`, `CHANGES_REQUESTED`, `REVIEW_REQUIRED`; absent when no review is needed. */
  readonly reviewDecision?: 'APPROVED' | 'CHANGES_REQUESTED' | 'REVIEW_REQUIRED';
  readonly conflicting: boolean;
  /** When the head was pushed: checks that nobody requires are waited for until 60 s after it. */
  readonly pushedAt: Instant;
  /** Set where only GitHub's merge queue may merge to its base; `place`: it is in there. */
  readonly mergeQueue?: { readonly place?: QueuePlace };
};

export type MergeOutcome =
  | { readonly kind: 'merged'; readonly sha: string }
  /** It is in the merge queue, by us or by somebody else; GitHub merges it, or takes it out again. */
  | { readonly kind: 'enqueued' }
  /** GitHub said no (405, 409, 422), in its words; looking again may help. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Reviews that must approve before a merge to a branch, as far as GitHub tells them. */
export type RequiredReviews = {
  /** The most that any rule asks for; 0: none of those that were checked. */
  readonly count: number;
  /** What asks for them: `branch protection`, `a ruleset`. */
  readonly by: readonly string[];
  /** What GitHub did not tell, and why in its words. */
  readonly notChecked: readonly { readonly what: string; readonly why: string }[];
};

/** One file changed between two commits. `blob` is absent when it was removed. */
export type ChangedFile = {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'removed' | 'renamed';
  readonly mode?: string;
  readonly blob?: string;
};

/**
 * Git and pull requests as GitHub has them. Every call is bounded in time.
 * @throws GitHostError when GitHub cannot be reached, refuses us or limits us; `retryAt` says when a retry may help.
 */
export type GitHost = {
  /** Head commit of a branch; one conditional request, free when nothing changed. `undefined`: no such branch. */
  head(repository: RepositoryName, branch: string): Promise<string | undefined>;
  /** All files of a commit, folders flattened. Cached by commit. */
  files(repository: RepositoryName, commit: string): Promise<readonly GitFile[]>;
  /** Contents by blob SHA, cached: a blob never changes. Over 1 MB is left out. */
  read(
    repository: RepositoryName,
    blobs: readonly string[],
  ): Promise<ReadonlyMap<string, Uint8Array>>;
  /** What `head` changed since its merge base with `base`, that merge base, and how many commits `base` has not. */
  compare(
    repository: RepositoryName,
    base: string,
    head: string,
  ): Promise<{
    readonly mergeBase: string;
    readonly status: 'identical' | 'ahead' | 'behind' | 'diverged';
    readonly ahead: number;
    readonly files: readonly ChangedFile[];
  }>;
  /** First parent of a commit and what the commit changed against it. */
  commitChanges(
    repository: RepositoryName,
    commit: string,
  ): Promise<{ readonly parent: string; readonly files: readonly ChangedFile[] }>;

  /** The pull request whose head is `branch` of this repository: open before closed, ours before others', then the newest. What others closed is none. */
  findPullRequest(repository: RepositoryName, branch: string): Promise<PullRequestView | undefined>;
  pullRequest(repository: RepositoryName, number: number): Promise<PullRequestView>;
  /** Open pull requests that go to `base`, newest first, at most 1,000; who merged or closed one is not in it. */
  openPullRequests(repository: RepositoryName, base: string): Promise<readonly PullRequestView[]>;
  /** What waits in the merge queue of a branch, at most 1,000; empty where it has none. */
  mergeQueue(repository: RepositoryName, branch: string): Promise<readonly QueuedPull[]>;
  requiredReviews(repository: RepositoryName, branch: string): Promise<RequiredReviews>;
  readiness(repository: RepositoryName, number: number, headSha: string): Promise<MergeReadiness>;

  /** Creates the branch at `commit`; true too when it stands there already. False: it stands elsewhere. */
  createBranch(repository: RepositoryName, branch: string, commit: string): Promise<boolean>;
  /** Moves our own branch back to `commit`, losing what is on it. */
  resetBranch(repository: RepositoryName, branch: string, commit: string): Promise<void>;
  deleteBranch(repository: RepositoryName, branch: string): Promise<void>;
  /** One signed commit on a branch, refused when the branch is not at `expectedHead`. Returns the new commit. */
  commit(options: {
    readonly repository: RepositoryName;
    readonly branch: string;
    readonly expectedHead: string;
    readonly headline: string;
    readonly body: string;
    readonly files: readonly { readonly path: string; readonly content: Uint8Array }[];
  }): Promise<{ readonly kind: 'committed'; readonly sha: string } | { readonly kind: 'moved' }>;
  openPullRequest(options: {
    readonly repository: RepositoryName;
    readonly branch: string;
    readonly base: string;
    readonly title: string;
    readonly body: string;
  }): Promise<PullRequestView>;
  updatePullRequest(
    repository: RepositoryName,
    number: number,
    change: { readonly body?: string; readonly state?: 'closed' },
  ): Promise<void>;
  comment(repository: RepositoryName, number: number, body: string): Promise<void>;
  /** The commit status `amiable/approval`. */
  setStatus(options: {
    readonly repository: RepositoryName;
    readonly sha: string;
    readonly state: 'pending' | 'success' | 'failure';
    readonly description: string;
    /** Where the status leads; absent: nowhere. */
    readonly url?: string;
  }): Promise<void>;
  /**
   * Merges if the head is still `sha`; through the merge queue where there is one. Method: as configured, else the first
   * the repository allows of squash, merge, rebase; a queue has its own.
   */
  merge(options: {
    readonly repository: RepositoryName;
    readonly number: number;
    readonly sha: string;
    readonly title: string;
    /** The base has a merge queue; absent: it has none, as far as is known. */
    readonly queue?: boolean;
  }): Promise<MergeOutcome>;
  /** Takes it out of the merge queue. `in`: GitHub is merging it and lets nothing out; `merged`: it was too late. */
  dequeue(repository: RepositoryName, number: number): Promise<'out' | 'in' | 'merged'>;
};

/** A GitHub release as its authors wrote it: untrusted text. */
export type ReleaseNote = {
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  readonly publishedAt: Instant;
  readonly url: string;
};

/** Release notes of a public repository. */
export type ReleaseNotes = {
  /** The GitHub release of a tag; `undefined` when there is none (yet). */
  notes(repository: RepositoryName, tag: string): Promise<ReleaseNote | undefined>;
  /** A page of thirty, newest first, drafts left out; `last`: there is none after it. Pages count from 1. */
  releases(
    repository: RepositoryName,
    page: number,
  ): Promise<{ readonly notes: readonly ReleaseNote[]; readonly last: boolean }>;
};

/** The half of GitHub that changes nothing: all that steps see outside an effect. */
export type GitReads = Pick<
  GitHost,
  | 'head'
  | 'files'
  | 'read'
  | 'compare'
  | 'commitChanges'
  | 'findPullRequest'
  | 'pullRequest'
  | 'openPullRequests'
  | 'mergeQueue'
  | 'requiredReviews'
  | 'readiness'
>;

/** The half of GitHub that changes something: reached only through an effect. */
export type GitWrites = Omit<GitHost, keyof GitReads>;
