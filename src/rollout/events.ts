import { z } from 'zod';
import { Digest, ReleaseId, RepositoryName, SlackGroupId, SlackUserId } from '../shared/ids.ts';
import { brakeEvents } from './brake-events.ts';
import { ChangeImage } from './change.ts';
import { OpeningView } from './opening-view.ts';
import { EnvironmentPolicy } from './policy.ts';
import { RefusalCode } from './refusal.ts';

/** Somebody else's pull request that moves these pins: people decide about it as about ours, and merge it themselves. */
export const Theirs = z.object({
  repository: RepositoryName,
  number: z.number().int(),
  /** GitHub login of who opened it. */
  author: z.string(),
  pins: z.array(z.object({ path: z.string(), object: z.string() })).min(1),
});
export type Theirs = z.infer<typeof Theirs>;

/** How risky a change is, from the rules and never lowered by a model. */
export const RiskLevel = z.enum(['low', 'medium', 'high']);
export type RiskLevel = z.infer<typeof RiskLevel>;

/** Milliseconds since 1970, as every time in an event; a duration's name ends in `Ms`. */
const at = z.number();
const inEnvironment = { environment: z.string(), at };
const inWave = { ...inEnvironment, wave: z.string() };
const ofPullRequest = {
  ...inWave,
  repository: RepositoryName,
  number: z.number().int(),
};

/** The analysis as stored: `src/analysis` knows its full shape; the core reads only the risk. */
export const StoredAnalysis = z.looseObject({ risk: z.looseObject({ level: RiskLevel }) });
export type StoredAnalysis = z.infer<typeof StoredAnalysis>;

/** Clusters of an environment that move together. */
export const WavePlan = z.object({
  name: z.string(),
  clusters: z.array(z.string()).min(1),
  /** Only these EC2NodeClasses of them; absent: all, but those of `otherThan`. */
  nodeClasses: z.array(z.string()).exactOptional(),
  otherThan: z.array(z.string()).exactOptional(),
  /** Repositories that get a pull request; unknown until the change is computed. */
  repositories: z.array(RepositoryName).optional(),
  /** Healthy time before it counts as complete, in ms; absent: the environment's. */
  soakMs: z.number().optional(),
});
export type WavePlan = z.infer<typeof WavePlan>;

/** An environment as the rollout means to take it. `replaces` says per cluster what its pins name now. */
export const EnvironmentPlan = z.object({
  policy: EnvironmentPolicy,
  waves: z.array(WavePlan),
  replaces: z.array(
    z.object({
      cluster: z.string(),
      release: z.string(),
      pins: z.number(),
      /** Minor of its control plane then. */
      kubernetes: z.string().optional(),
    }),
  ),
});
export type EnvironmentPlan = z.infer<typeof EnvironmentPlan>;

/** What a cluster ran when its wave began, and whether Ready nodes proved it: the way back. */
export const RunningBefore = z.object({
  cluster: z.string(),
  release: z.string(),
  proven: z.boolean(),
  images: z.array(ChangeImage),
});
export type RunningBefore = z.infer<typeof RunningBefore>;

export const VoidReason = z.enum([
  'change-moved',
  'policy-changed',
  'foreign-commit',
  'risk-raised',
  'no-longer-approver',
  'no-longer-valid',
]);
export type VoidReason = z.infer<typeof VoidReason>;

/** Why people are not asked yet although it is an environment's turn. */
export const DeferReason = z.enum(['minimum-age', 'cadence']);
export type DeferReason = z.infer<typeof DeferReason>;

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

/** How a rollout can end other than by completing. */
export const ClosedOutcome = z.enum([
  'rejected',
  'expired',
  'closed',
  'overtaken',
  'failed',
  'observed',
  'withdrawn',
]);
export type ClosedOutcome = z.infer<typeof ClosedOutcome>;

/**
 * The facts of a rollout, in the order they were decided: its state, its audit trail and its approvals in one.
 * Stored for ever: fields are added, never renamed.
 */
export const RolloutEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('RolloutOpened'),
    release: ReleaseId,
    family: z.string(),
    scope: z.string(),
    attempt: z.number().int().min(1),
    environments: z.array(EnvironmentPlan),
    /** Somebody who asked for it by hand; absent when detection did. */
    by: SlackUserId.optional(),
    /** Releases between what runs and this one, as far as they are known. */
    skips: z.number().int().optional(),
    /** What was seen of images and pins. */
    view: OpeningView.optional(),
    /** When it was published, else first seen wherever it is needed; its age counts from here. */
    releasedAt: z.number().optional(),
    /** The one cluster whose `@latest` is set to what its nodes run; absent: pins that name an older release move. */
    pinsCluster: z.string().optional(),
    theirs: Theirs.optional(),
    at,
  }),
  z.object({ type: z.literal('AnalysisCompleted'), analysis: StoredAnalysis, at }),
  z.object({
    type: z.literal('AnalysisUnavailable'),
    /** Why there is no AI summary; the facts may still be there. */
    reason: z.string(),
    analysis: StoredAnalysis.optional(),
    at,
  }),
  z.object({
    type: z.literal('RiskRaised'),
    level: RiskLevel,
    /** What became known, in words. */
    because: z.string(),
    at,
  }),
  z.object({
    type: z.literal('EnvironmentDeferred'),
    ...inEnvironment,
    until: z.number(),
    because: DeferReason,
  }),
  z.object({
    type: z.literal('ApprovalRequested'),
    ...inEnvironment,
    /** 1, 2, …: a button carries it, so that a click on an older card is told apart. */
    ask: z.number().int().min(1),
    digest: Digest,
    /** The rules and waves this ask stands under. */
    policy: EnvironmentPolicy,
    waves: z.array(WavePlan),
    pins: z.number().int(),
    /** Clusters that were unproven in an environment before this one. */
    unproven: z.array(z.string()).optional(),
    expiresAt: z.number(),
  }),
  z.object({
    type: z.literal('ApprovalGranted'),
    ...inEnvironment,
    by: SlackUserId,
    digest: Digest,
    note: z.string().optional(),
    /** Sets of the rule this person is in, by their place; absent: it has none. */
    sets: z.array(z.number().int()).optional(),
    /** Groups this person was in that are looked at at the click only; absent: none. */
    atClick: z.array(SlackGroupId).optional(),
  }),
  z.object({
    type: z.literal('ApprovedAutomatically'),
    ...inEnvironment,
    digest: Digest,
    because: z.enum(['always', 'low-risk']),
  }),
  z.object({ type: z.literal('ApproversReminded'), ...inEnvironment, ask: z.number().int() }),
  z.object({
    type: z.literal('ApprovalWithdrawn'),
    ...inEnvironment,
    by: SlackUserId,
    digest: Digest,
  }),
  z.object({
    type: z.literal('ApprovalRefused'),
    ...inEnvironment,
    ask: z.number().int().optional(),
    by: SlackUserId,
    reason: RefusalCode,
  }),
  z.object({
    type: z.literal('ApprovalsVoided'),
    ...inEnvironment,
    because: VoidReason,
    /** Whose approvals; absent: everybody's, and it is asked again. */
    of: z.array(SlackUserId).optional(),
    detail: z.string().optional(),
  }),
  z.object({ type: z.literal('ApprovalExpired'), ...inEnvironment, ask: z.number().int() }),
  z.object({
    type: z.literal('EnvironmentRejected'),
    ...inEnvironment,
    by: SlackUserId,
    reason: z.string(),
  }),
  z.object({ type: z.literal('EnvironmentObserved'), ...inEnvironment, pins: z.number().int() }),
  z.object({
    type: z.literal('EnvironmentOvertaken'),
    ...inEnvironment,
    detail: z.string(),
  }),
  z.object({
    type: z.literal('Snoozed'),
    by: SlackUserId,
    until: z.number(),
    why: z.string().optional(),
    at,
  }),
  z.object({ type: z.literal('SnoozeEnded'), by: SlackUserId.optional(), at }),
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
  z.object({ type: z.literal('UnapprovedMergeAccepted'), ...inEnvironment, by: SlackUserId }),
  z.object({
    type: z.literal('PullRequestClosed'),
    ...ofPullRequest,
    by: z.string(),
    /** It is somebody else's, and is left to them: only our say in it has ended. */
    leftOpen: z.literal(true).optional(),
  }),
  z.object({ type: z.literal('PinOvertaken'), ...inWave, by: z.string(), detail: z.string() }),
  z.object({
    type: z.literal('SyncRequested'),
    ...inWave,
    cluster: z.string(),
    by: SlackUserId,
  }),
  z.object({ type: z.literal('SyncObserved'), ...inWave, cluster: z.string() }),
  z.object({
    type: z.literal('ReplacementObserved'),
    ...inWave,
    replaced: z.number().int(),
    total: z.number().int(),
  }),
  z.object({ type: z.literal('ReplacementStalled'), ...inWave, blockers: z.array(z.string()) }),
  z.object({ type: z.literal('ReplacementResumed'), ...inWave }),
  z.object({
    type: z.literal('SoakStarted'),
    ...inWave,
    until: z.number(),
    /** Nodes that run the new image. */
    total: z.number().int(),
    /** Why the others have yet to follow, a sentence each; absent: there are none. */
    tail: z.array(z.string()).optional(),
    /** Paused until somebody says that it may go on without these. */
    asks: z.literal(true).optional(),
  }),
  z.object({ type: z.literal('SoakBroken'), ...inWave, because: z.string() }),
  z.object({
    type: z.literal('WaveCompleted'),
    ...inWave,
    proven: z.boolean(),
    replaced: z.number().int(),
    tail: z.array(z.string()),
  }),
  /** A request that was turned down, of whatever kind; of one person, request and reason no more than ten. */
  z.object({
    type: z.literal('AttemptRefused'),
    /** A Slack user id; an ARN where the command line was used by somebody whom the configuration does not map. */
    by: z.string(),
    /** The command, such as `Pause`. */
    wanted: z.string(),
    environment: z.string().optional(),
    ask: z.number().int().optional(),
    reason: RefusalCode,
    at,
  }),
  z.object({
    type: z.literal('WindowEnded'),
    ...inWave,
    /** What the policy asks for now. */
    next: z.enum(['brake', 'ask']),
  }),
  /** New nodes were worse than the old ones, so nothing more goes forward until somebody says so. */
  z.object({
    type: z.literal('RolloutHalted'),
    ...inWave,
    checks: z.array(z.string()),
    evidence: z.array(z.string()),
  }),
  ...brakeEvents,
  z.object({
    type: z.literal('ExpediteRequested'),
    ...inEnvironment,
    by: SlackUserId,
    reason: z.string(),
  }),
  z.object({
    type: z.literal('EnvironmentExpedited'),
    ...inEnvironment,
    /** Two people who may, with their reasons; or what the policy says of such a fix. */
    by: z.array(SlackUserId),
    /** Critical or known-exploited CVEs it fixes, as far as they are known. */
    fixes: z.array(z.string()),
  }),
  z.object({
    type: z.literal('RolloutPaused'),
    by: SlackUserId,
    reason: z.string().optional(),
    at,
  }),
  z.object({ type: z.literal('RolloutResumed'), by: SlackUserId, at }),
  z.object({
    type: z.literal('RollbackRequested'),
    by: SlackUserId,
    reason: z.string(),
    /** One per environment, in reverse promotion order. */
    recoveries: z.array(
      z.object({
        environment: z.string(),
        wave: z.string(),
        clusters: z.array(z.string()).min(1),
        repositories: z.array(RepositoryName).min(1),
        to: z.string(),
        digest: Digest,
      }),
    ),
    /** Clusters without a proven way back, left out and named. */
    leftOut: z.array(z.object({ cluster: z.string(), why: z.string() })),
    at,
  }),
  /** Gave way to a later release although nodes had moved: nothing more of it goes forward. */
  z.object({ type: z.literal('RolloutSwitched'), by: SlackUserId, to: ReleaseId, at }),
  z.object({ type: z.literal('RolloutSuperseded'), by: ReleaseId, at }),
  /** The release was taken back, or its images are not fit any more: nothing of it goes forward. */
  z.object({ type: z.literal('ReleaseRecalled'), reason: z.string(), at }),
  z.object({ type: z.literal('RolloutCompleted'), at }),
  z.object({ type: z.literal('RolloutRolledBack'), at }),
  z.object({ type: z.literal('RolloutClosed'), outcome: ClosedOutcome, at }),
]);
export type RolloutEvent = z.infer<typeof RolloutEvent>;
export type EventOf<T extends RolloutEvent['type']> = Extract<RolloutEvent, { type: T }>;

/** Whether an event records what a person or the policy decided, for the index of decisions. */
export function isDecision(event: RolloutEvent): boolean {
  switch (event.type) {
    case 'ApprovalGranted':
    case 'ApprovedAutomatically':
    case 'ExpediteRequested':
    case 'EnvironmentExpedited':
    case 'WindowEnded':
    case 'RolloutHalted':
    case 'BrakeSet':
    case 'ApprovalWithdrawn':
    case 'ApprovalRefused':
    case 'ApprovalsVoided':
    case 'ApprovalExpired':
    case 'EnvironmentRejected':
    case 'Snoozed':
    case 'MergeRequested':
    case 'SyncRequested':
    case 'MergeStarted':
    case 'UnapprovedMergeAccepted':
    case 'RolloutPaused':
    case 'RolloutSwitched':
    case 'RolloutResumed':
    case 'RollbackRequested':
    case 'AttemptRefused':
    // The policy in force, and the start of the stream: what is not in this index is not found by it.
    case 'RolloutOpened':
      return true;
    case 'PullRequestMerged':
      return event.byHand === true;
    case 'AnalysisCompleted':
    case 'AnalysisUnavailable':
    case 'RiskRaised':
    case 'EnvironmentDeferred':
    case 'ApproversReminded':
    case 'ApprovalRequested':
    case 'EnvironmentObserved':
    case 'EnvironmentOvertaken':
    case 'SnoozeEnded':
    case 'PullRequestOpened':
    case 'ChangeRebased':
    case 'MergeHeld':
    case 'PullRequestEnqueued':
    case 'MergeVerified':
    case 'MergeDiffers':
    case 'PullRequestClosed':
    case 'PinOvertaken':
    case 'SyncObserved':
    case 'ReplacementObserved':
    case 'ReplacementStalled':
    case 'ReplacementResumed':
    case 'SoakStarted':
    case 'SoakBroken':
    case 'BrakeObserved':
    case 'BrakeReleased':
    case 'WaveCompleted':
    case 'RolloutSuperseded':
    case 'ReleaseRecalled':
    case 'RolloutCompleted':
    case 'RolloutRolledBack':
    case 'RolloutClosed':
      return false;
  }
}
