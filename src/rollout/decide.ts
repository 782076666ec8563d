import { assertNever } from '../shared/assert-never.ts';
import { attemptOnRecord, recordAttempt } from './attempt-on-record.ts';
import type { Command } from './command.ts';
import { acceptUnapprovedMerge, approve, reject, withdraw } from './decide-approval.ts';
import { ask, expire, nothingToMove, recordObserved, voidApprovals } from './decide-ask.ts';
import { brake, recordBrake, recordReleased } from './decide-brake.ts';
import { close, recall, supersede } from './decide-end.ts';
import {
  holdMerge,
  recordClosed,
  recordEnqueued,
  recordMerge,
  recordOvertaken,
  recordPullRequest,
  recordRebase,
  recordVerified,
  startMerge,
} from './decide-merge.ts';
import { open, recordAnalysis } from './decide-opening.ts';
import {
  approveAutomatically,
  defer,
  endWindow,
  expediteByPolicy,
  expireApprovals,
  raiseRisk,
  remind,
} from './decide-policy.ts';
import { pressMerge } from './decide-press.ts';
import { halt, recordReplacement, recordSoak, recordSynced } from './decide-replacement.ts';
import {
  endSnooze,
  expedite,
  pause,
  resume,
  rollBack,
  snooze,
  switchOver,
  wake,
} from './decide-steering.ts';
import { requestSync } from './decide-sync.ts';
import { type Decision, nothingHappened } from './decision.ts';
import type { Rollout } from './rollout.ts';

/**
 * What a command means for a rollout as it stands: events to be stored, a refusal, or nothing because it is so already.
 * Deciding twice is harmless. `rollout` is `undefined` before its first event.
 */
export function decide(rollout: Rollout | undefined, command: Command): Decision {
  if (command.type === 'Open') return rollout === undefined ? open(command) : nothingHappened;
  if (rollout === undefined) throw new Error(`${command.type} for a rollout that was never opened`);
  return attemptOnRecord(rollout, command, decided(rollout, command));
}

function decided(rollout: Rollout, command: Exclude<Command, { type: 'Open' }>): Decision {
  switch (command.type) {
    case 'Approve':
      return approve(rollout, command);
    case 'Withdraw':
      return withdraw(rollout, command);
    case 'Reject':
      return reject(rollout, command);
    case 'Snooze':
      return snooze(rollout, command);
    case 'Wake':
      return wake(rollout, command);
    case 'Switch':
      return switchOver(rollout, command);
    case 'Pause':
      return pause(rollout, command);
    case 'Brake':
      return brake(rollout, command);
    case 'Resume':
      return resume(rollout, command);
    case 'AcceptUnapprovedMerge':
      return acceptUnapprovedMerge(rollout, command);
    case 'Merge':
      return pressMerge(rollout, command);
    case 'Sync':
      return requestSync(rollout, command);
    case 'RollBack':
      return rollBack(rollout, command);
    case 'Expedite':
      return expedite(rollout, command);
    case 'RaiseRisk':
      return raiseRisk(rollout, command);
    case 'Defer':
      return defer(rollout, command);
    case 'ApproveAutomatically':
      return approveAutomatically(rollout, command);
    case 'ExpediteByPolicy':
      return expediteByPolicy(rollout, command);
    case 'Remind':
      return remind(rollout, command);
    case 'ExpireApprovals':
      return expireApprovals(rollout, command);
    case 'EndWindow':
      return endWindow(rollout, command);
    case 'Halt':
      return halt(rollout, command);
    case 'RecordBrake':
      return recordBrake(rollout, command);
    case 'RecordReleased':
      return recordReleased(rollout, command);
    case 'RecordAnalysis':
      return recordAnalysis(rollout, command);
    case 'Ask':
      return ask(rollout, command);
    case 'NothingToMove':
      return nothingToMove(rollout, command);
    case 'RecordObserved':
      return recordObserved(rollout, command);
    case 'VoidApprovals':
      return voidApprovals(rollout, command);
    case 'Expire':
      return expire(rollout, command);
    case 'EndSnooze':
      return endSnooze(rollout, command);
    case 'RecordPullRequest':
      return recordPullRequest(rollout, command);
    case 'RecordRebase':
      return recordRebase(rollout, command);
    case 'StartMerge':
      return startMerge(rollout, command);
    case 'HoldMerge':
      return holdMerge(rollout, command);
    case 'RecordEnqueued':
      return recordEnqueued(rollout, command);
    case 'RecordMerge':
      return recordMerge(rollout, command);
    case 'RecordVerified':
      return recordVerified(rollout, command);
    case 'RecordClosed':
      return recordClosed(rollout, command);
    case 'RecordOvertaken':
      return recordOvertaken(rollout, command);
    case 'RecordSynced':
      return recordSynced(rollout, command);
    case 'RecordReplacement':
      return recordReplacement(rollout, command);
    case 'RecordSoak':
      return recordSoak(rollout, command);
    case 'RecordAttempt':
      return recordAttempt(rollout, command);
    case 'Recall':
      return recall(rollout, command);
    case 'Supersede':
      return supersede(rollout, command);
    case 'Close':
      return close(rollout, command);
    default:
      return assertNever(command);
  }
}
