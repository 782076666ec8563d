import { automaticApproval } from './automatic.ts';
import type { CommandOf } from './command.ts';
import { brakeSet } from './decide-brake.ts';
import { type Decision, happened, nothingHappened } from './decision.ts';
import { expeditesByPolicy } from './expedite.ts';
import { isEnded } from './phases.ts';
import { onWindowEnd } from './policy.ts';
import { isHigher, riskOf, urgentFixes } from './risk.ts';
import type { Rollout } from './rollout.ts';
import { environmentNamed, waveNamed } from './rollout.ts';
import { approvalsOver, remindAt, windowEndOf } from './times.ts';
import { isToMerge } from './wave.ts';

// What the policy does by itself as time passes and facts come in. Each checks again whether it may: a look at the
// rollout may be older than what changed it.

/** The policy approves what it was told to approve. */
export function approveAutomatically(
  rollout: Rollout,
  { environment: name, now }: CommandOf<'ApproveAutomatically'>,
): Decision {
  const environment = environmentNamed(rollout, name);
  if (environment?.ask === undefined || rollout.outcome !== undefined) return nothingHappened;
  const because = automaticApproval(rollout, environment);
  if (because === undefined || now >= environment.ask.expiresAt) return nothingHappened;
  const { digest } = environment.ask;
  return happened({ type: 'ApprovedAutomatically', environment: name, digest, because, at: now });
}

/** One reminder an ask; it changes nothing about when the ask ends. */
export function remind(
  rollout: Rollout,
  { environment: name, now }: CommandOf<'Remind'>,
): Decision {
  const environment = environmentNamed(rollout, name);
  if (environment?.ask === undefined || rollout.snoozed !== undefined) return nothingHappened;
  if (environment.phase.name !== 'awaiting-approval') return nothingHappened;
  const { number, expiresAt } = environment.ask;
  const at = remindAt(environment);
  if (at === undefined || now < at || now >= expiresAt) return nothingHappened;
  return happened({ type: 'ApproversReminded', environment: name, ask: number, at: now });
}

/** Approvals older than the policy lets them be drop out, whatever is still to be merged on them. */
export function expireApprovals(
  rollout: Rollout,
  { environment: name, now }: CommandOf<'ExpireApprovals'>,
): Decision {
  const environment = environmentNamed(rollout, name);
  if (environment === undefined || isEnded(environment.phase)) return nothingHappened;
  if (rollout.rollback !== undefined) return nothingHappened;
  const { waves } = environment;
  if (waves.some(({ phase }) => phase.name === 'merging') || !waves.some(isToMerge)) {
    return nothingHappened;
  }
  const of = approvalsOver(environment, now).map(({ by }) => by);
  if (of.length === 0) return nothingHappened;
  return happened({
    type: 'ApprovalsVoided',
    environment: name,
    because: 'no-longer-valid',
    of,
    at: now,
  });
}

/** People are asked later; said once for each date. */
export function defer(
  rollout: Rollout,
  { environment: name, until, because, now }: CommandOf<'Defer'>,
): Decision {
  const environment = environmentNamed(rollout, name);
  if (environment?.phase.name !== 'waiting' || until <= now) return nothingHappened;
  const { deferred } = environment;
  if (deferred?.until === until && deferred.because === because) return nothingHappened;
  return happened({ type: 'EnvironmentDeferred', environment: name, until, because, at: now });
}

/** Something became known that makes the release riskier than people were told. */
export function raiseRisk(
  rollout: Rollout,
  { level, because, now }: CommandOf<'RaiseRisk'>,
): Decision {
  if (rollout.outcome !== undefined) return nothingHappened;
  if (rollout.raised !== undefined && !isHigher(level, rollout.raised.level))
    return nothingHappened;
  if (rollout.raised === undefined && !isHigher(level, riskOf(rollout) ?? 'low')) {
    return nothingHappened;
  }
  return happened({ type: 'RiskRaised', level, because, at: now });
}

/** The fast lane opens by itself for a fix that the policy means. */
export function expediteByPolicy(
  rollout: Rollout,
  { environment: name, now }: CommandOf<'ExpediteByPolicy'>,
): Decision {
  const environment = environmentNamed(rollout, name);
  if (environment === undefined || isEnded(environment.phase)) return nothingHappened;
  if (!expeditesByPolicy(rollout, environment)) return nothingHappened;
  const fixes = [...urgentFixes(rollout)].slice(0, 20);
  return happened({ type: 'EnvironmentExpedited', environment: name, by: [], fixes, at: now });
}

/** The window has ended under a wave that still moves, where the policy wants more than to let it go on. */
export function endWindow(
  rollout: Rollout,
  { environment: name, wave: of, now }: CommandOf<'EndWindow'>,
): Decision {
  const environment = environmentNamed(rollout, name);
  const wave = waveNamed(rollout, name, of);
  if (environment === undefined || wave === undefined) return nothingHappened;
  const end = windowEndOf(rollout, environment, wave);
  const next = onWindowEnd(environment.policy);
  if (end === undefined || next === undefined || now < end) return nothingHappened;
  return happened(
    { type: 'WindowEnded', environment: name, wave: of, next, at: now },
    ...(next === 'brake' ? brakeSet(rollout, now, {}) : []),
  );
}
