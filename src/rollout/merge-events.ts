import { z } from 'zod';
import { Digest, RepositoryName, SlackUserId } from '../shared/ids.ts';
import { ChangeImage } from './change.ts';
import { inWave, ofPullRequest } from './event-fields.ts';

/** What a cluster ran when its wave began, and whether Ready nodes proved it: the way back. */
export const RunningBefore = z.object({
  cluster: z.string(),
  release: z.string(),
  proven: z.boolean(),
  images: z.array(ChangeImage),
});
export type RunningBefore = z.infer<typeof RunningBefore>;

/** Why a merge that was decided is not made: everything is looked at again, and people can say no again. */
export const MergeHold = z.enum([
  'frozen',
  'window',
  'paused',
  'head-moved',
  'checks',
  'refused',
  'too-late',
  'dequeued',
]);
export type MergeHold = z.infer<typeof MergeHold>;

/** How the pull requests of a wave come and go; part of `RolloutEvent`. */
export const mergeEvents = [
  z.object({
    type: z.literal('PullRequestOpened'),
    ...ofPullRequest,
    url: z.string(),
    branch: z.string(),
    headSha: z.string(),
    /** What ran when the wave began. */
    before: z.array(RunningBefore).optional(),
    /** The change it carries; absent: the one that stands when this is recorded. */
    digest: Digest.optional(),
  }),
  z.object({ type: z.literal('ChangeRebased'), ...ofPullRequest, headSha: z.string() }),
  /** Where the policy waits for it: somebody wants the wave's pull requests merged now. */
  z.object({ type: z.literal('MergeRequested'), ...inWave, by: SlackUserId, digest: Digest }),
  z.object({
    type: z.literal('MergeStarted'),
    ...inWave,
    parts: z.array(
      z.object({
        repository: RepositoryName,
        number: z.number().int(),
        headSha: z.string(),
        /** Names of the checks that had passed, at most 50. */
        passed: z.array(z.string()).optional(),
      }),
    ),
    digest: Digest,
    approvers: z.array(SlackUserId),
    before: z.array(RunningBefore),
    /** From the pins in the clusters to the last node, in ms, as forecast; absent: nobody could say. */
    expected: z.object({ p50Ms: z.number(), p80Ms: z.number() }).optional(),
  }),
  z.object({
    type: z.literal('MergeHeld'),
    ...inWave,
    because: MergeHold,
    detail: z.string().optional(),
  }),
  /** It waits in GitHub's merge queue; who merges it is GitHub. */
  z.object({ type: z.literal('PullRequestEnqueued'), ...ofPullRequest, headSha: z.string() }),
  z.object({
    type: z.literal('PullRequestMerged'),
    ...ofPullRequest,
    mergeSha: z.string(),
    by: z.string(),
    /** Who that is in Slack; absent: the configuration maps no such login. */
    person: SlackUserId.optional(),
    /** False: somebody merged it without the approvals the policy asks for. */
    approved: z.boolean(),
    /** It was merged on GitHub before Amiable decided to: whoever did it decided. */
    byHand: z.literal(true).optional(),
    /** The branch it went to, where that is not the one the pins are read from. */
    into: z.string().optional(),
  }),
  z.object({ type: z.literal('MergeVerified'), ...inWave }),
  z.object({ type: z.literal('MergeDiffers'), ...inWave, detail: z.string() }),
  z.object({
    type: z.literal('PullRequestClosed'),
    ...ofPullRequest,
    by: z.string(),
    /** It is somebody else's, and is left to them: only our say in it has ended. */
    leftOpen: z.literal(true).optional(),
  }),
  z.object({ type: z.literal('PinOvertaken'), ...inWave, by: z.string(), detail: z.string() }),
] as const;
