import { assertNever } from '../shared/assert-never.ts';
import { attemptOnRecord, recordAttempt } from './attempt-on-record.ts';
import type { Command, CommandOf } from './command.ts';
import { acceptUnapprovedMerge, approve, reject, withdraw } from './decide-approval.ts';
import { brake, recordBrake, recordReleased } from './decide-brake.ts';
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
import { halt, recordReplacement, recordSoak, recordSynced } from './decide-progress.ts';
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
import { type Decision, happened, nothingHappened } from './decision.ts';
import type { ClosedOutcome } from './ending-events.ts';
import { minimumAgeOf } from './expedite.ts';
import { mayStart } from './promotion.ts';
import type { Environment, Rollout } from './rollout.ts';
import {
  environmentNamed,
  hasMerged,
  isEnded,
  isHalfMerged,
  isSettled,
  isToMerge,
} from './rollout.ts';

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

function open(command: CommandOf<'Open'>): Decision {
  const { release, family, scope, attempt, environments, by, skips, view, releasedAt, now } =
    command;
  const { pinsCluster, theirs } = command;
  return happened({
    type: 'RolloutOpened',
    release,
    family,
    scope,
    attempt,
    environments: [...environments],
    ...(by === undefined ? {} : { by }),
    ...(skips === undefined ? {} : { skips }),
    ...(view === undefined ? {} : { view }),
    ...(releasedAt === undefined ? {} : { releasedAt }),
    ...(pinsCluster === undefined ? {} : { pinsCluster }),
    ...(theirs === undefined ? {} : { theirs }),
    at: now,
  });
}

function recordAnalysis(rollout: Rollout, command: CommandOf<'RecordAnalysis'>): Decision {
  if (rollout.analysis !== 'pending') return nothingHappened;
  const { analysis, unavailable, now } = command;
  return unavailable === undefined
    ? happened({ type: 'AnalysisCompleted', analysis, at: now })
    : happened({ type: 'AnalysisUnavailable', reason: unavailable, analysis, at: now });
}

/** Asks for approval of a change. The same digest under the same rules is never asked twice at once. */
function ask(rollout: Rollout, command: CommandOf<'Ask'>): Decision {
  const environment = waitingFor(rollout, command.environment);
  // Nobody is asked for what will not be done.
  if (environment === undefined || rollout.paused !== undefined) return nothingHappened;
  const { digest, policy, waves, pins, now } = command;
  if (now < rollout.releasedAt + minimumAgeOf(environment, policy)) return nothingHappened;
  const unproven = rollout.environments
    .filter((earlier) => policy.after.includes(earlier.policy.name))
    .flatMap((earlier) => earlier.waves)
    .filter(({ phase }) => phase.name === 'complete' && !phase.proven)
    .flatMap(({ clusters }) => clusters);
  return happened({
    type: 'ApprovalRequested',
    environment: command.environment,
    ask: environment.asks + 1,
    digest,
    policy,
    waves: [...waves],
    pins,
    ...(unproven.length === 0 ? {} : { unproven }),
    expiresAt: now + policy.expiresMs,
    at: now,
  });
}

/** The environment, if it is its turn and nothing was asked yet. A look may be older than what stopped it. */
function waitingFor(rollout: Rollout, name: string): Environment | undefined {
  if (rollout.snoozed !== undefined) return undefined;
  const environment = environmentNamed(rollout, name);
  if (environment?.phase.name !== 'waiting') return undefined;
  return mayStart(rollout, environment) ? environment : undefined;
}

/** Every pin names the release already (or none is left): somebody was faster, and we yield. */
function nothingToMove(rollout: Rollout, command: CommandOf<'NothingToMove'>): Decision {
  if (waitingFor(rollout, command.environment) === undefined) return nothingHappened;
  const { environment: name, detail, now } = command;
  return happened({ type: 'EnvironmentOvertaken', environment: name, detail, at: now });
}

function recordObserved(rollout: Rollout, command: CommandOf<'RecordObserved'>): Decision {
  if (waitingFor(rollout, command.environment) === undefined) return nothingHappened;
  const { environment: name, pins, now } = command;
  return happened({ type: 'EnvironmentObserved', environment: name, pins, at: now });
}

function voidApprovals(rollout: Rollout, command: CommandOf<'VoidApprovals'>): Decision {
  const environment = environmentNamed(rollout, command.environment);
  if (environment?.ask === undefined || isEnded(environment.phase)) return nothingHappened;
  if (rollout.rollback !== undefined) return nothingHappened;
  const { waves, ask: open } = environment;
  const { because, of, detail, now } = command;
  // What was decided stands once a merge began; what comes then is a rollback's business.
  if (waves.some(({ phase }) => phase.name === 'merging')) return nothingHappened;
  if (of === undefined && (waves.some(isHalfMerged) || !waves.some(isToMerge))) {
    return nothingHappened;
  }
  const gone = of?.filter((person) => open.grants.some(({ by }) => by === person));
  if (gone?.length === 0) return nothingHappened;
  return happened({
    type: 'ApprovalsVoided',
    environment: command.environment,
    because,
    ...(gone === undefined ? {} : { of: gone }),
    ...(detail === undefined ? {} : { detail }),
    at: now,
  });
}

function expire(rollout: Rollout, { environment: name, now }: CommandOf<'Expire'>): Decision {
  const environment = environmentNamed(rollout, name);
  if (environment?.phase.name !== 'awaiting-approval' || environment.ask === undefined) {
    return nothingHappened;
  }
  if (now < environment.ask.expiresAt || rollout.snoozed !== undefined) return nothingHappened;
  const { number } = environment.ask;
  return happened({ type: 'ApprovalExpired', environment: name, ask: number, at: now });
}

/** A newer release takes over, but only before the first merge: what began moving is finished. */
function supersede(rollout: Rollout, { newer, now }: CommandOf<'Supersede'>): Decision {
  if (rollout.outcome !== undefined || hasMerged(rollout)) return nothingHappened;
  return happened({ type: 'RolloutSuperseded', by: newer, at: now });
}

/** What is not merged goes no further; what moves already is followed, and can be taken back. */
function recall(rollout: Rollout, { reason, now }: CommandOf<'Recall'>): Decision {
  const { outcome, recalled, rollback } = rollout;
  if (outcome !== undefined || recalled !== undefined || rollback !== undefined)
    return nothingHappened;
  return happened({ type: 'ReleaseRecalled', reason, at: now });
}

/** Ends the rollout when nothing in it moves any more, under the name of what stopped it. */
function close(rollout: Rollout, { now }: CommandOf<'Close'>): Decision {
  if (rollout.outcome !== undefined || !isSettled(rollout)) return nothingHappened;
  const { environments, rollback } = rollout;
  const returned = environments.filter(({ recoveries }) => recoveries.length > 0);
  if (rollback !== undefined && returned.every(({ phase }) => phase.name === 'rolled-back')) {
    return happened({ type: 'RolloutRolledBack', at: now });
  }
  const { switched } = rollout;
  if (switched !== undefined && rollback === undefined) {
    return happened({ type: 'RolloutSuperseded', by: switched.to, at: now });
  }
  const moved = environments.filter(({ observed }) => observed === undefined);
  if (moved.length > 0 && moved.every(isComplete)) {
    return happened({ type: 'RolloutCompleted', at: now });
  }
  if (moved.length === 0) {
    return happened({ type: 'RolloutClosed', outcome: 'observed', at: now });
  }
  // A way back that did not lead back is what the rollout ends as, whatever became of the rest.
  const telling = rollback === undefined ? moved : returned;
  const phases = new Set<string>(telling.map(({ phase }) => phase.name));
  const order: readonly ClosedOutcome[] = [
    'failed',
    'withdrawn',
    'rejected',
    'expired',
    'overtaken',
    'closed',
  ];
  const outcome = order.find((name) => phases.has(name)) ?? 'closed';
  return happened({ type: 'RolloutClosed', outcome, at: now });
}

function isComplete({ phase }: Environment): boolean {
  return phase.name === 'complete';
}
