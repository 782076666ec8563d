import { z } from 'zod';

/** How pull requests come and go where it is not the usual way: opened once approved, merged by Amiable once all is green. */
export const PullRequestRule = z.object({
  /** Opened when people are asked, so that they see on GitHub what they decide about. */
  open: z.literal('on-detection').optional(),
  /** Merged when somebody presses Merge, or on GitHub, whose rules are then the authority. */
  merge: z.enum(['by-button', 'in-github']).optional(),
});
export type PullRequestRule = z.infer<typeof PullRequestRule>;

type Ruled = { readonly mode: string; readonly pullRequest?: PullRequestRule | undefined };

/** The pull request is there before anybody has decided. */
export function opensEarly({ pullRequest }: Ruled): boolean {
  return pullRequest?.open === 'on-detection' || pullRequest?.merge === 'in-github';
}

/** Merging on GitHub is the approval; nobody is asked in Slack. */
export function mergesInGitHub({ pullRequest }: Ruled): boolean {
  return pullRequest?.merge === 'in-github';
}

/** Nothing forward is merged before somebody presses Merge. */
export function mergesByButton({ pullRequest }: Ruled): boolean {
  return pullRequest?.merge === 'by-button';
}

/** Amiable opens the pull request and never merges it, except on the way back. */
export function peopleMerge(policy: Ruled): boolean {
  return policy.mode === 'propose' || mergesInGitHub(policy);
}
