import type { Instant } from '../../shared/time.ts';

/** Who acts on the stand-in: a person, an app's bot, or GitHub itself. */
export type Account = {
  readonly login: string;
  readonly id: number;
  readonly type: 'User' | 'Bot';
};

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** What the default branch asks of a pull request before it may be merged. */
export type Protection = {
  /** Names of checks or statuses that must be green. Empty: none. */
  readonly requiredChecks: readonly string[];
  /** Approving reviews of people; 0: none. */
  readonly requiredReviews: number;
  readonly allowedMergeMethods: readonly MergeMethod[];
  /** Reviews that a ruleset asks for, beside the classic rule; absent: none. */
  readonly rulesetReviews?: number;
  /** The plan of a private repository has no rulesets, and GitHub refuses to tell of them. */
  readonly withoutRulesets?: boolean;
  /** Absent: merged at once. `waitMs`: how long a group waits for more, in ms; GitHub's own default is 5 minutes. */
  readonly mergeQueue?: { readonly waitMs?: number };
};

/** A simulated CI check, started on each head of a pull request. */
export type SimulatedCheck = {
  readonly name: string;
  /** How long it runs, in ms of the clock that was passed in; 0: done at once. */
  readonly durationMs: number;
  readonly outcome: 'success' | 'failure' | 'neutral' | 'cancelled' | 'timed_out';
  /** How long after the push it is created; until then GitHub knows nothing of it. */
  readonly startsAfterMs?: number;
};

export type CheckRun = SimulatedCheck & { readonly id: number; readonly startedAt: Instant };

export type Status = {
  readonly id: number;
  readonly context: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: Account;
  readonly at: Instant;
};

export type Review = {
  readonly id: number;
  readonly by: Account;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED';
  readonly commit: string;
  readonly at: Instant;
};

export type Comment = {
  readonly id: number;
  readonly by: Account;
  readonly body: string;
  readonly at: Instant;
};

export type Pull = {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  readonly by: Account;
  readonly headBranch: string;
  /** The head as last seen: it stays when the branch is deleted. */
  headSha: string;
  baseBranch: string;
  /** The base as it was when the pull request was closed or merged. */
  baseSha: string;
  readonly createdAt: Instant;
  updatedAt: Instant;
  draft: boolean;
  merged?: { readonly by: Account; readonly sha: string; readonly at: Instant };
  closed?: { readonly by: Account; readonly at: Instant };
  /** True when the branch was force-pushed or deleted while it was closed: GitHub then refuses to reopen it. */
  sealed: boolean;
  readonly reviews: Review[];
  readonly comments: Comment[];
  /** `head base` that somebody asked about: GitHub computes mergeability after the first question. */
  mergeabilityAsked?: string;
};

/** One place in the queue: a commit of its own on top of the one before, on which the required checks run again. */
export type QueueEntry = {
  readonly number: number;
  /** The head of the pull request it was made of. */
  readonly pullHead: string;
  readonly baseSha: string;
  readonly headSha: string;
  readonly at: Instant;
};

export type Release = {
  readonly tag: string;
  readonly name: string;
  readonly body: string;
  readonly publishedAt: Instant;
  readonly prerelease: boolean;
  readonly draft: boolean;
};

export type Repository = {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly private: boolean;
  /** False: our App is not installed there; a public one can be read all the same. */
  readonly installed: boolean;
  readonly defaultBranch: string;
  protection: Protection;
  checks: readonly SimulatedCheck[];
  readonly branches: Map<string, string>;
  readonly pulls: Pull[];
  /** By commit, newest last. */
  readonly statuses: Map<string, Status[]>;
  readonly checkRuns: Map<string, CheckRun[]>;
  releases: Release[];
  /** First to be merged first; absent: empty. */
  queue?: readonly QueueEntry[];
};

/** All that the stand-in remembers beside Git's objects. */
export type State = {
  nextId: number;
  /** By `owner/name` in lower case: GitHub's names do not know upper from lower. */
  readonly repositories: Map<string, Repository>;
  /** Installation ids by owner in lower case. */
  readonly installations: Map<string, number>;
  /** Live installation tokens; `expiresAt` in real time. */
  readonly tokens: Map<string, { readonly installation: number; readonly expiresAt: Instant }>;
  /** Commits GitHub made and signed. The objects themselves carry no signature here. */
  readonly signed: Set<string>;
};

export function emptyState(): State {
  return {
    nextId: 1000,
    repositories: new Map(),
    installations: new Map(),
    tokens: new Map(),
    signed: new Set(),
  };
}
