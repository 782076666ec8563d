import type { RolloutEvent } from '../rollout/events.ts';

/**
 * Where a bundle tells an event beside the list of everything: what people, or the rules, decided about going on, or how
 * pull requests came and went. `undefined`: in that list alone.
 */
export function chapterOf(type: RolloutEvent['type']): 'steering' | 'merges' | undefined {
  switch (type) {
    case 'RiskRaised':
    case 'ApprovalRequested':
    case 'ApprovalGranted':
    case 'ApprovedAutomatically':
    case 'ApproversReminded':
    case 'ApprovalWithdrawn':
    case 'ApprovalRefused':
    case 'ApprovalsVoided':
    case 'ApprovalExpired':
    case 'EnvironmentRejected':
    case 'EnvironmentDeferred':
    case 'AttemptRefused':
    case 'Snoozed':
    case 'SnoozeEnded':
    case 'ExpediteRequested':
    case 'EnvironmentExpedited':
    case 'UnapprovedMergeAccepted':
    case 'WindowEnded':
    case 'RolloutHalted':
    case 'RolloutPaused':
    case 'RolloutResumed':
    case 'BrakeSet':
    case 'BrakeReleased':
    case 'SyncRequested':
    case 'RollbackRequested':
    case 'RolloutSwitched':
    case 'RolloutSuperseded':
    case 'ReleaseRecalled':
      return 'steering';
    case 'PullRequestOpened':
    case 'ChangeRebased':
    case 'MergeRequested':
    case 'MergeStarted':
    case 'MergeHeld':
    case 'PullRequestEnqueued':
    case 'PullRequestMerged':
    case 'MergeVerified':
    case 'MergeDiffers':
    case 'PullRequestClosed':
    case 'PinOvertaken':
    case 'EnvironmentOvertaken':
      return 'merges';
    case 'RolloutOpened':
    case 'AnalysisCompleted':
    case 'AnalysisUnavailable':
    case 'EnvironmentObserved':
    case 'SyncObserved':
    case 'ReplacementObserved':
    case 'ReplacementStalled':
    case 'ReplacementResumed':
    case 'SoakStarted':
    case 'SoakBroken':
    case 'BrakeObserved':
    case 'WaveCompleted':
    case 'RolloutCompleted':
    case 'RolloutRolledBack':
    case 'RolloutClosed':
      return undefined;
  }
}
