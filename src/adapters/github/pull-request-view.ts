import { z } from 'zod';
import type { PullRequestView } from '../../workflow/ports/git-host.ts';

const User = z.object({ login: z.string(), type: z.string() });
const Side = z.object({
  sha: z.string(),
  ref: z.string(),
  repo: z.object({ full_name: z.string() }).nullable(),
});

/** A pull request as GitHub lists it; `merged_by` comes only with one asked for by number. */
export const PullRequest = z.object({
  number: z.number(),
  html_url: z.string(),
  state: z.enum(['open', 'closed']),
  merged_at: z.string().nullable(),
  merge_commit_sha: z.string().nullable(),
  merged_by: User.nullable().optional(),
  user: User.nullable(),
  head: Side,
  base: Side.pick({ ref: true }),
  draft: z.boolean().optional(),
});
export type PullRequest = z.infer<typeof PullRequest>;

/** `closedBy` is not in it: GitHub tells that only of the issue behind the pull request. */
export function viewOf(pull: PullRequest, botLogin: string): PullRequestView {
  const { number, html_url, state, merged_at, merge_commit_sha, merged_by, user, head, base } =
    pull;
  const merged = merged_at !== null;
  const ours = user?.type === 'Bot' && user.login === botLogin;
  return {
    number,
    url: html_url,
    state,
    merged,
    headSha: head.sha,
    headBranch: head.ref,
    ...(head.repo !== null && { headRepository: head.repo.full_name }),
    baseBranch: base.ref,
    ours,
    ...(user !== null && !ours && { author: user.login }),
    // While it is open, this is a trial merge that is on no branch.
    ...(merged && merge_commit_sha !== null && { mergeSha: merge_commit_sha }),
    ...(merged_by && { mergedBy: merged_by.login }),
    draft: pull.draft ?? false,
  };
}
