import type { RolloutEvent } from '../src/rollout/events.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { assertNever } from '../src/shared/assert-never.ts';
import { approvalMilestone } from './approval-milestone.ts';
import { brakeMilestone } from './brake.ts';
import { endingMilestone } from './ending-milestone.ts';
import type { Milestone } from './milestone-line.ts';
import { loud, quiet } from './milestone-line.ts';
import { named, quoted } from './phrases.ts';
import { pullRequestMilestone } from './pull-request-milestone.ts';
import { replacementMilestone } from './replacement-milestone.ts';
import { steeringMilestone } from './steering-milestone.ts';

/**
 * What an event says in the thread; `undefined` for those the card tells alone.
 * @param rollout the state right after the event.
 */
export function milestoneOf(
  event: RolloutEvent,
  rollout: Rollout,
  names: ReadonlyMap<string, string>,
): Milestone | undefined {
  switch (event.type) {
    case 'RiskRaised':
      return loud(`The risk is *${event.level}* now: ${quoted(event.because, 500)}.`);
    case 'EnvironmentOvertaken':
    case 'PinOvertaken':
      return quiet(
        `*${named(event.environment)}*: the pins were moved by somebody else (${quoted(event.detail)}). Amiable follows what Git says.`,
      );
    case 'EnvironmentDeferred':
    case 'ApprovalRequested':
    case 'ApprovalGranted':
    case 'ApprovedAutomatically':
    case 'ApproversReminded':
    case 'ApprovalWithdrawn':
    case 'ApprovalsVoided':
    case 'ApprovalExpired':
    case 'EnvironmentRejected':
    case 'EnvironmentObserved':
    case 'UnapprovedMergeAccepted':
      return approvalMilestone(event, rollout, names);
    case 'Snoozed':
    case 'SnoozeEnded':
    case 'ExpediteRequested':
    case 'EnvironmentExpedited':
    case 'RolloutPaused':
    case 'RolloutResumed':
    case 'RolloutSwitched':
    case 'RollbackRequested':
      return steeringMilestone(event, rollout, names);
    case 'PullRequestOpened':
    case 'ChangeRebased':
    case 'MergeRequested':
    case 'MergeHeld':
    case 'PullRequestEnqueued':
    case 'PullRequestMerged':
    case 'MergeDiffers':
    case 'PullRequestClosed':
      return pullRequestMilestone(event, rollout, names);
    case 'SyncRequested':
    case 'ReplacementStalled':
    case 'ReplacementResumed':
    case 'SoakStarted':
    case 'SoakBroken':
    case 'WaveCompleted':
    case 'WindowEnded':
    case 'RolloutHalted':
      return replacementMilestone(event, rollout, names);
    case 'BrakeSet':
    case 'BrakeObserved':
    case 'BrakeReleased':
      return brakeMilestone(event, names);
    case 'RolloutSuperseded':
    case 'ReleaseRecalled':
    case 'RolloutCompleted':
    case 'RolloutRolledBack':
      return endingMilestone(event, rollout);
    case 'RolloutOpened':
    case 'AnalysisCompleted':
    case 'AnalysisUnavailable':
    case 'ApprovalRefused':
    case 'AttemptRefused':
    case 'MergeStarted':
    case 'MergeVerified':
    case 'SyncObserved':
    case 'ReplacementObserved':
    case 'RolloutClosed':
      return undefined;
    default:
      return assertNever(event);
  }
}
