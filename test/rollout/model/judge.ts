import type { EventOf, RolloutEvent } from '../../../src/rollout/events.ts';
import type { RiskLevel } from '../../../src/rollout/opening-events.ts';
import type { Rollout } from '../../../src/rollout/rollout.ts';
import { waveNamed } from '../../../src/rollout/rollout.ts';
import type { Wave } from '../../../src/rollout/wave.ts';
import { day, hour, minute } from '../../../src/shared/time.ts';
import { digestKept } from './kept.ts';
import type { Ask, Ledger } from './ledger.ts';
import { demand } from './ledger.ts';
import type { Sim } from './sim.ts';
import { mayDecide } from './sim.ts';

/** Throws where an event must not have been written, then takes it in. */
export function judge(sim: Sim, before: Rollout, event: RolloutEvent): void {
  const { ledger } = sim;
  switch (event.type) {
    case 'ApprovalRequested':
      demand(!ledger.stopped.has('snoozed') && !isOver(ledger), 'asked in quiet, or after the end');
      judgeAge(sim, event);
      ledger.asks.set(event.environment, {
        event,
        grants: new Map(),
        automatic: false,
        reminded: false,
        doubted: false,
      });
      return;
    case 'ApprovalGranted': {
      const ask = ledger.asks.get(event.environment);
      demand(ask?.event.digest === event.digest, 'granted for a digest that is not asked');
      demand(mayDecide(sim, event.by) === 'yes', 'granted by somebody who may not');
      demand(event.by !== sim.spec.requester, 'granted by who asked for it');
      demand(!ask?.grants.has(event.by), 'granted twice by one person');
      ask?.grants.set(event.by, event.at);
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
    case 'MergeRequested':
      demand(mayDecide(sim, event.by) === 'yes', 'merge pressed by somebody who may not');
      ledger.pressed.set(`${event.environment}/${event.wave}`, event.at);
      return;
    case 'MergeStarted':
      judgeMerge(sim, before, event);
      return;
    case 'PullRequestEnqueued': {
      const wave = waveNamed(before, event.environment, event.wave);
      demand(wave?.phase.name === 'merging', 'enqueued before it was decided to merge');
      return;
    }
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
      demand(before.switched !== undefined || ledger.merged.size === 0, 'superseded after a merge');
      ledger.stopped.add('over');
      return;
    case 'RolloutSwitched':
      demand(mayDecide(sim, event.by) === 'yes', 'switched by somebody who may not');
      ledger.stopped.add('switched');
      return;
    case 'ReleaseRecalled':
      ledger.stopped.add('recalled');
      return;
    case 'RolloutCompleted':
    case 'RolloutRolledBack':
    case 'RolloutClosed':
      ledger.stopped.add('over');
      return;
    case 'AnalysisCompleted':
    case 'AnalysisUnavailable':
      if (event.analysis !== undefined) judgeRisk(sim, event.analysis.risk.level);
      return;
    case 'RiskRaised':
      judgeRisk(sim, event.level);
      return;
    case 'ApprovedAutomatically':
      judgeAutomatic(sim, before, event);
      return;
    case 'ApproversReminded': {
      const ask = ledger.asks.get(event.environment);
      demand(ask !== undefined && !ask.reminded, 'reminds twice, or of nothing');
      if (ask !== undefined) ask.reminded = true;
      return;
    }
    case 'RolloutHalted':
      demand(!ledger.stopped.has('rolled-back'), 'halts the way back');
      ledger.stopped.add('paused');
      return;
    case 'BrakeSet':
      demand(event.by === undefined || mayDecide(sim, event.by) === 'yes', 'braked by nobody');
      demand(before.outcome === undefined, 'braked after the end');
      for (const cluster of event.clusters) ledger.braked.add(cluster);
      return;
    case 'BrakeObserved':
      demand(ledger.braked.has(event.cluster), 'holds what nobody braked');
      return;
    case 'BrakeReleased':
      demand(ledger.braked.delete(event.cluster), 'lets go what nobody holds');
      return;
    case 'WindowEnded':
      demand(!ledger.stopped.has('rolled-back'), 'brakes the way back');
      ledger.stopped.add('paused');
      return;
    case 'ExpediteRequested': {
      demand(mayDecide(sim, event.by) === 'yes', 'expedited by somebody who may not');
      const asked = ledger.expeditions.get(event.environment) ?? new Set();
      for (const gone of event.lapsed ?? []) {
        demand(mayDecide(sim, gone) !== 'yes', 'drops what somebody asked who may');
        asked.delete(gone);
      }
      demand(!asked.has(event.by), 'lets one person ask twice');
      ledger.expeditions.set(event.environment, asked.add(event.by));
      return;
    }
    case 'EnvironmentExpedited':
      judgeExpedited(sim, before, event);
      return;
    case 'RolloutOpened':
    case 'ApprovalRefused':
    case 'AttemptRefused':
    case 'ChangeRebased':
    case 'MergeHeld':
    case 'MergeVerified':
    case 'PullRequestClosed':
    case 'PinOvertaken':
    case 'SyncRequested':
    case 'SyncObserved':
    case 'ReplacementObserved':
    case 'ReplacementStalled':
    case 'ReplacementResumed':
    case 'SoakStarted':
    case 'SoakBroken':
    case 'EnvironmentDeferred':
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
  const rule = ask?.event.policy.pullRequest?.merge;
  demand(rule !== 'in-github', 'merges what is left to GitHub');
  const pressed = ledger.pressed.get(`${event.environment}/${event.wave}`) ?? -Infinity;
  const chosen = pressed >= (ask?.event.at ?? 0) && event.at < pressed + 15 * minute;
  demand(rule !== 'by-button' || chosen, 'merges at a moment that nobody chose');
  const approvers = new Set(event.approvers);
  demand(approvers.size === event.approvers.length, 'names an approver twice');
  if (ask !== undefined) judgeApprovals(sim, ask, event);
  judgeClock(sim, event);
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
    ask !== undefined &&
      (ask.automatic ||
        ask.event.policy.pullRequest?.merge === 'in-github' ||
        ask.grants.size >= ask.event.policy.approval.count),
    'is called approved with too few',
  );
  demand(
    pull !== undefined && digestKept(pull.change) === ask?.event.digest,
    'is called approved for another change',
  );
}

/** Enough of the right people, none of them too long ago, for a risk that is no higher than they knew. */
function judgeApprovals(
  { teams, ledger }: Sim,
  ask: Ask,
  { approvers, at, environment, wave }: EventOf<'MergeStarted'>,
): void {
  const half = [...ledger.merged].includes(`${environment}/${wave}`);
  demand(!ask.doubted || half, 'merges on a risk that nobody agreed to');
  if (ask.automatic) return;
  const { count, sets } = ask.event.policy.approval;
  demand(approvers.length >= count, 'merges with too few');
  const { validForMs = Infinity } = ask.event.policy;
  demand(
    approvers.every((by) => at < (ask.grants.get(by) ?? -Infinity) + validForMs),
    'merges on an approval that is too old',
  );
  if (sets === undefined) return;
  const [first = 0, second = 0] = sets.map((set) => set.count);
  const inSets = approvers.map((by) => teams.get(by) ?? []);
  const onlyFirst = inSets.filter((of) => of.includes(0)).length;
  const onlySecond = inSets.filter((of) => of.includes(1)).length;
  const either = inSets.filter((of) => of.length > 0).length;
  // Hall's condition for two sets: each can be filled alone, and both together.
  demand(
    onlyFirst >= first && onlySecond >= second && either >= first + second,
    'merges with a set unfilled',
  );
}

/** By arithmetic of its own: all windows and freezes here are told in UTC. */
function judgeClock({ policies, ledger }: Sim, event: EventOf<'MergeStarted'>): void {
  const { window, freezes = [] } = policies.get(event.environment) ?? {};
  for (const freeze of freezes) {
    if (!('from' in freeze)) continue;
    const from = Date.parse(`${freeze.from}T00:00:00Z`);
    const to = Date.parse(`${freeze.to}T00:00:00Z`) + day;
    demand(event.at < from || event.at >= to, 'merges in a freeze');
  }
  const lifted = new Set(ledger.expedited.get(event.environment)?.by).size >= 2;
  if (window === undefined || lifted) return;
  const opens = Number(window.cron.split(' ')[1]) * hour;
  const since = (((event.at - opens) % day) + day) % day;
  demand(since < window.durationMs, 'merges outside its window');
}

function judgeAge({ ledger, rollout }: Sim, event: EventOf<'ApprovalRequested'>): void {
  const { minimumAgeMs = 0, expedite } = event.policy;
  const shortened = ledger.expedited.get(event.environment)?.fixes === true;
  const needed = shortened
    ? Math.min(minimumAgeMs, expedite?.minimumAgeMs ?? minimumAgeMs)
    : minimumAgeMs;
  demand(event.at >= rollout.releasedAt + needed, 'asks about a release that is too young');
}

const levels: readonly RiskLevel[] = ['low', 'medium', 'high'];

function judgeRisk({ ledger }: Sim, level: RiskLevel): void {
  const now = levels.indexOf(level);
  const known = ledger.risk ?? 1;
  if (now > known) {
    for (const ask of ledger.asks.values()) {
      if (ask.automatic || ask.grants.size > 0) ask.doubted = true;
    }
  }
  ledger.risk = Math.max(now, ledger.risk ?? 0);
}

function judgeAutomatic(
  { ledger, spec }: Sim,
  before: Rollout,
  event: EventOf<'ApprovedAutomatically'>,
): void {
  const ask = ledger.asks.get(event.environment);
  demand(ask !== undefined && ask.event.digest === event.digest, 'approves what is not asked');
  if (ask === undefined) return;
  const { policy, unproven = [] } = ask.event;
  demand(policy.protected !== true, 'approves by itself where people have to');
  demand(unproven.length === 0, 'approves by itself what was not proven');
  demand(spec.requester === undefined, 'approves by itself what somebody asked for');
  demand(ledger.stopped.size === 0, 'approves by itself while it is stopped');
  const { automatic } = policy.approval;
  demand(
    automatic === 'always' || (automatic === 'low-risk' && ledger.risk === 0),
    'approves by itself without the right',
  );
  demand(before.outcome === undefined, 'approves after the end');
  ask.automatic = true;
}

function judgeExpedited(sim: Sim, before: Rollout, event: EventOf<'EnvironmentExpedited'>): void {
  const { ledger } = sim;
  const asked = ledger.expeditions.get(event.environment) ?? new Set();
  const policy = before.environments.find(
    ({ policy: { name } }) => name === event.environment,
  )?.policy;
  if (event.by.length === 0) {
    demand(policy?.protected !== true, 'opens the fast lane by itself where people have to');
    demand(event.fixes.length > 0, 'opens the fast lane for nothing');
  } else {
    demand(new Set(event.by).size >= 2, 'opens the fast lane for one person');
    demand(
      event.by.every((by) => asked.has(by)),
      'names somebody who did not ask',
    );
    demand(
      event.by.every((by) => mayDecide(sim, by) === 'yes'),
      'opens the fast lane with somebody who may no longer',
    );
  }
  ledger.expedited.set(event.environment, { by: event.by, fixes: event.fixes.length > 0 });
}

function isOver({ stopped }: Ledger): boolean {
  return stopped.has('over') || stopped.has('rolled-back');
}
