import type { Clock } from '../../shared/time.ts';
import type { GitHost, ReleaseNotes } from '../../workflow/ports/git-host.ts';
import { createApprovalStatus } from './approval-status.ts';
import { createBranchRule } from './branch-rule.ts';
import { createBranchWrites } from './branch-writes.ts';
import { createClient } from './client.ts';
import { createGitReads } from './git-reads.ts';
import { readReadiness } from './merge-readiness.ts';
import { createMerging, type MergeMethod } from './merging.ts';
import type { AppOptions } from './octokit-app.ts';
import { createPullRequests } from './pull-requests.ts';
import { createReleaseNotes } from './release-notes.ts';

export type GitHostOptions = AppOptions & {
  readonly clock: Clock;
  /** Absent: the first the repository allows of squash, merge, rebase. */
  readonly mergeMethod?: MergeMethod;
  /** Login of our App's bot; absent: as the installation says. */
  readonly botLogin?: string;
};

/** GitHub through our App. Nothing is asked before the first call. */
export function createGitHost(options: GitHostOptions): GitHost & ReleaseNotes {
  const client = createClient(options);
  return {
    ...createGitReads(client),
    ...createPullRequests(client, options.botLogin),
    ...createBranchRule(client),
    ...createBranchWrites(client),
    ...createApprovalStatus(client),
    ...createMerging(client, options.clock, options.mergeMethod),
    ...createReleaseNotes(client),
    readiness: (repository, number, headSha) => readReadiness(client, repository, number, headSha),
  };
}
