import type { RolloutEvent } from './events.ts';

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
