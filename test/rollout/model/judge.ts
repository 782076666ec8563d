import type { EventOf, RolloutEvent } from '../../../src/rollout/events.ts';
import type { Rollout, Wave } from '../../../src/rollout/rollout.ts';
import { digestKept } from './kept.ts';
import type { Ledger } from './ledger.ts';
import { demand } from './ledger.ts';
import type { Sim } from './sim.ts';
import { mayDecide } from './sim.ts';

/** Throws where an event must not have been written, then takes it in. */
export function judge(sim: Sim, before: Rollout, event: RolloutEvent): void {
  const { ledger } = sim;
  switch (event.type) {
    case 'ApprovalRequested':
      demand(!ledger.stopped.has('snoozed') && !isOver(ledger), 'asked in quiet, or after the end');
      ledger.asks.set(event.environment, { event, grants: new Set() });
      return;
    case 'ApprovalGranted': {
      const ask = ledger.asks.get(event.environment);
      demand(ask?.event.digest === event.digest, 'granted for a digest that is not asked');
      demand(mayDecide(sim, event.by) === 'yes', 'granted by somebody who may not');
      demand(event.by !== sim.spec.requester, 'granted by who asked for it');
      demand(!ask?.grants.has(event.by), 'granted twice by one person');
      ask?.grants.add(event.by);
      return;
    }
    case 'ApprovalWithdrawn':
      demand(
        ledger.asks.get(event.environment)?.grants.delete(event.by) === true,
        'took back what was not given',
      );
      return;
    case 'ApprovalsVoided':
      if (event.of === undefined) ledger.asks.delete(event.environment);
      for (const by of event.of ?? []) ledger.asks.get(event.environment)?.grants.delete(by);
      return;
    case 'EnvironmentRejected':
      demand(mayDecide(sim, event.by) === 'yes', 'rejected by somebody who may not');
      ledger.asks.delete(event.environment);
      return;
    case 'ApprovalExpired': {
      const expiresAt = ledger.asks.get(event.environment)?.event.expiresAt ?? Infinity;
      demand(event.at >= expiresAt, 'expired too early');
      demand(!ledger.stopped.has('snoozed'), 'expired in quiet');
      ledger.asks.delete(event.environment);
      return;
    }
    case 'EnvironmentOvertaken':
    case 'EnvironmentObserved':
      ledger.asks.delete(event.environment);
      return;
    case 'Snoozed':
      demand(mayDecide(sim, event.by) === 'yes', 'snoozed by somebody who may not');
      demand(ledger.merged.size === 0, 'snoozed after a merge');
      ledger.stopped.add('snoozed');
      return;
    case 'SnoozeEnded':
      ledger.stopped.delete('snoozed');
      return;
    case 'RolloutPaused':
      demand(mayDecide(sim, event.by) === 'yes', 'paused by somebody who may not');
      ledger.stopped.add('paused');
      return;
    case 'RolloutResumed':
      demand(mayDecide(sim, event.by) === 'yes', 'resumed by somebody who may not');
      ledger.stopped.delete('paused');
      return;
    case 'PullRequestOpened':
      for (const one of event.before ?? []) if (one.proven) ledger.proven.add(one.cluster);
      return;
    case 'MergeStarted':
      judgeMerge(sim, before, event);
      return;
    case 'PullRequestMerged':
      ledger.merged.add(`${event.environment}/${event.wave}`);
      if (!event.approved) ledger.unapproved.add(event.environment);
      else judgeApproved(sim, before, event);
      return;
    case 'UnapprovedMergeAccepted':
      demand(mayDecide(sim, event.by) === 'yes', 'accepted by somebody who may not');
      ledger.unapproved.delete(event.environment);
      return;
    case 'MergeDiffers':
      if (!ledger.stopped.has('rolled-back')) ledger.stopped.add('over');
      return;
    case 'WaveCompleted':
      ledger.completed.add(`${event.environment}/${event.wave}`);
      return;
    case 'RollbackRequested':
      demand(mayDecide(sim, event.by) === 'yes', 'rolled back by somebody who may not');
      for (const { clusters } of event.recoveries) {
        demand(
          clusters.every((name) => ledger.proven.has(name)),
          'goes back to what was not proven',
        );
      }
      ledger.stopped.add('rolled-back');
      ledger.stopped.delete('paused');
      ledger.stopped.delete('snoozed');
      return;
    case 'RolloutSuperseded':
      demand(ledger.merged.size === 0, 'superseded after a merge');
      ledger.stopped.add('over');
      return;
    case 'ReleaseRecalled':
      ledger.stopped.add('recalled');
      return;
    case 'RolloutCompleted':
    case 'RolloutRolledBack':
    case 'RolloutClosed':
      ledger.stopped.add('over');
      return;
    case 'RolloutOpened':
    case 'AnalysisCompleted':
    case 'AnalysisUnavailable':
    case 'ApprovalRefused':
    case 'AttemptRefused':
    case 'ChangeRebased':
    case 'MergeHeld':
    case 'MergeVerified':
    case 'PullRequestClosed':
    case 'PinOvertaken':
    case 'SyncObserved':
    case 'ReplacementObserved':
    case 'ReplacementStalled':
    case 'ReplacementResumed':
    case 'SoakStarted':
    case 'SoakBroken':
    case 'RiskRaised':
    case 'EnvironmentDeferred':
    case 'ApprovedAutomatically':
    case 'ApproversReminded':
    case 'WindowEnded':
    case 'ExpediteRequested':
    case 'EnvironmentExpedited':
      return;
  }
}

function judgeMerge(sim: Sim, before: Rollout, event: EventOf<'MergeStarted'>): void {
  const { ledger } = sim;
  const environment = before.environments.find(({ policy }) => policy.name === event.environment);
  const wave = [...(environment?.waves ?? []), ...(environment?.recoveries ?? [])].find(
    ({ name }) => name === event.wave,
  );
  demand(environment !== undefined && wave !== undefined, 'merges what is not there');
  demand(wave?.phase.name === 'pull-request', 'merges what has no open pull request');
  if (environment === undefined || wave === undefined) return;
  if (wave.recovery !== undefined) {
    demand(wave.recovery.digest === event.digest, 'goes back by another change');
    demand(event.approvers.length === 1, 'goes back on nobody’s word');
    return;
  }
  demand(ledger.stopped.size === 0, `merges forward while ${[...ledger.stopped].join(' and ')}`);
  const ask = ledger.asks.get(event.environment);
  demand(ask !== undefined && ask.event.digest === event.digest, 'merges what is not asked');
  demand(ask?.event.policy.mode === 'merge', 'merges where it may not');
  const approvers = new Set(event.approvers);
  demand(approvers.size === event.approvers.length, 'names an approver twice');
  demand(approvers.size >= (ask?.event.policy.approval.count ?? Infinity), 'merges with too few');
  demand(
    event.approvers.every((by) => ask?.grants.has(by) && mayDecide(sim, by) === 'yes'),
    'counts an approval that does not stand',
  );
  demand(!ledger.unapproved.has(event.environment), 'goes on after a merge nobody answered for');
  const earlier = environment.waves.slice(0, environment.waves.indexOf(wave));
  demand(
    earlier.every(({ name }) => ledger.completed.has(`${event.environment}/${name}`)),
    'merges a wave before an earlier one is complete',
  );
  for (const name of ask?.event.policy.after ?? []) judgePromotion(sim, before, name);
}

function judgePromotion({ ledger }: Sim, before: Rollout, name: string): void {
  const earlier = before.environments.find(({ policy }) => policy.name === name);
  if (earlier === undefined) return;
  const whole = (wave: Wave) => ledger.completed.has(`${name}/${wave.name}`);
  demand(earlier.waves.every(whole), 'merges before the environment before it is complete');
  demand(!ledger.unapproved.has(name), 'is promoted from a merge nobody answered for');
}

/** What is recorded as approved was approved, or decided before: whoever pressed the button on GitHub. */
function judgeApproved(sim: Sim, before: Rollout, event: EventOf<'PullRequestMerged'>): void {
  const environment = before.environments.find(({ policy }) => policy.name === event.environment);
  const wave = environment?.waves.find(({ name }) => name === event.wave);
  if (environment === undefined || wave === undefined || wave.decidedAt !== undefined) return;
  const ask = sim.ledger.asks.get(event.environment);
  const pull = sim.git.pulls.find(
    ({ repository, number }) => repository === event.repository && number === event.number,
  );
  demand(
    ask !== undefined && ask.grants.size >= ask.event.policy.approval.count,
    'is called approved with too few',
  );
  demand(
    pull !== undefined && digestKept(pull.change) === ask?.event.digest,
    'is called approved for another change',
  );
}

function isOver({ stopped }: Ledger): boolean {
  return stopped.has('over') || stopped.has('rolled-back');
}
