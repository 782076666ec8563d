import { day } from '../shared/time.ts';
import type { CommandOf, RecoveryPlan } from './command.ts';
import { unfitness } from './decide-approval.ts';
import { type Decision, happened, nothingHappened, refused } from './decision.ts';
import { expeditersNeeded, isWindowLifted } from './expedite.ts';
import { isEnded } from './phases.ts';
import type { Refusal, RefusalCode } from './refusal.ts';
import { urgentFixes } from './risk.ts';
import type { Rollout } from './rollout.ts';
import { environmentNamed, hasMerged } from './rollout.ts';
import type { Wave } from './wave.ts';
import { hasMergedPart, isHalfMerged, isQueued } from './wave.ts';
import { waysBack } from './way-back.ts';

/** Whoever wants longer rejects: a release that nobody is asked about for a quarter is forgotten, not considered. */
const longestSnooze = 90 * day;

/** Quiet until a date; what is merged already goes on. */
export function snooze(
  rollout: Rollout,
  { by, may, until, why, now }: CommandOf<'Snooze'>,
): Decision {
  if (rollout.outcome !== undefined) return refused({ code: 'closed' });
  const unfit = unfitness(may);
  if (unfit !== undefined) return refused({ code: unfit });
  if (hasMerged(rollout)) return refused({ code: 'merge-under-way' });
  if (until > now + longestSnooze) return refused({ code: 'snoozed-too-long' });
  if (rollout.snoozed?.by === by && rollout.snoozed.until === until) return nothingHappened;
  return happened({
    type: 'Snoozed',
    by,
    until,
    ...(why === undefined ? {} : { why }),
    at: now,
  });
}

/** Ends a snooze early. */
export function wake(rollout: Rollout, { by, may, now }: CommandOf<'Wake'>): Decision {
  if (rollout.outcome !== undefined) return refused({ code: 'closed' });
  const unfit = unfitness(may);
  if (unfit !== undefined) return refused({ code: unfit });
  // Somebody else woke it, or its date came.
  if (rollout.snoozed === undefined) return refused({ code: 'already-decided' });
  return happened({ type: 'SnoozeEnded', by, at: now });
}

/**
 * Gives way to a later release although nodes moved already: what is not merged goes no further, what moves is followed to
 * its end. Nothing begins by it: the later release is asked about as ever.
 */
export function switchOver(
  rollout: Rollout,
  { by, may, newer, now }: CommandOf<'Switch'>,
): Decision {
  if (rollout.outcome !== undefined) return refused({ code: 'closed' });
  const unfit = stopUnfitness(may);
  if (unfit !== undefined) return refused({ code: unfit });
  if ((rollout.rollback ?? rollout.switched) !== undefined)
    return refused({ code: 'already-decided' });
  const waves = rollout.environments.flatMap((environment) => environment.waves);
  // What is half merged has no way out but on, and a merge that was sent may be made by now.
  const merging = waves.find(
    (wave) => isHalfMerged(wave) || (wave.phase.name === 'merging' && !isQueued(wave)),
  );
  if (merging !== undefined) return refused(mergeUnderWay(merging));
  if (newer === undefined) return refused({ code: 'nothing-to-switch-to' });
  return happened({ type: 'RolloutSwitched', by, to: newer, at: now });
}

/** The date has come: it is asked again by itself. */
export function endSnooze(rollout: Rollout, { now }: CommandOf<'EndSnooze'>): Decision {
  return rollout.snoozed !== undefined && rollout.snoozed.until <= now
    ? happened({ type: 'SnoozeEnded', at: now })
    : nothingHappened;
}

/**
 * Opens the fast lane of one environment: two people who may now, with a reason each. It lifts the window, and shortens age
 * and soak where the release fixes something urgent; approvals it never replaces.
 */
export function expedite(
  rollout: Rollout,
  { environment: name, by, may, reason, lapsed = [], now }: CommandOf<'Expedite'>,
): Decision {
  const environment = environmentNamed(rollout, name);
  if (environment === undefined || rollout.outcome !== undefined)
    return refused({ code: 'closed' });
  if (isEnded(environment.phase) || environment.policy.expedite === undefined) {
    return refused({ code: 'nothing-to-expedite', environment: name });
  }
  const unfit = unfitness(may);
  const code = unfit === 'not-an-approver' ? 'not-an-expediter' : unfit;
  if (code !== undefined) return refused({ code, environment: name });
  const { requests: all = [], open } = environment.expedite ?? {};
  const requests = all.filter((request) => !lapsed.includes(request.by));
  const gone = all.flatMap((request) => (lapsed.includes(request.by) ? request.by : []));
  if (requests.some((request) => request.by === by)) {
    const missing = Math.max(0, expeditersNeeded - requests.length);
    return refused({ code: 'already-approved', environment: name, missing });
  }
  if (isWindowLifted(environment)) return refused({ code: 'already-decided', environment: name });
  const people = [...new Set([...requests.map((request) => request.by), by])];
  const asked = {
    type: 'ExpediteRequested' as const,
    environment: name,
    by,
    reason,
    ...(gone.length === 0 ? {} : { lapsed: gone }),
    at: now,
  };
  if (people.length < expeditersNeeded) return happened(asked);
  const fixes = [...new Set([...(open?.fixes ?? []), ...urgentFixes(rollout)])].slice(0, 20);
  return happened(asked, {
    type: 'EnvironmentExpedited',
    environment: name,
    by: people,
    fixes,
    at: now,
  });
}

/** Stops further merges and waves. Always possible while anything is open. */
export function pause(rollout: Rollout, { by, may, reason, now }: CommandOf<'Pause'>): Decision {
  if (rollout.outcome !== undefined) return refused({ code: 'nothing-to-stop' });
  const unfit = stopUnfitness(may);
  if (unfit !== undefined) return refused({ code: unfit });
  if (rollout.paused !== undefined) return nothingHappened;
  return happened({
    type: 'RolloutPaused',
    by,
    ...(reason === undefined ? {} : { reason }),
    at: now,
  });
}

/** Ends what stopped it (a pause, a halt, a question of the policy) and lets go of what is braked. */
export function resume(rollout: Rollout, { by, may, now }: CommandOf<'Resume'>): Decision {
  if (rollout.outcome !== undefined) return refused({ code: 'closed' });
  const unfit = stopUnfitness(may);
  if (unfit !== undefined) return refused({ code: unfit });
  const isBraked = rollout.brake?.releasing === false;
  if (rollout.paused === undefined && !isBraked) return refused({ code: 'not-paused' });
  return happened({ type: 'RolloutResumed', by, at: now });
}

/**
 * Takes clusters back to what they ran when their wave began, also after completion. Windows, pauses and snoozes do
 * not stand in its way, nor does a merge under way elsewhere; only where that merge is all there is, there is nothing
 * to take back yet. What the record can know of the plans is checked here again.
 */
export function rollBack(rollout: Rollout, command: CommandOf<'RollBack'>): Decision {
  const { by, may, reason, plans, leftOut, now } = command;
  const unfit = stopUnfitness(may);
  if (unfit !== undefined) return refused({ code: unfit });
  const waves = rollout.environments.flatMap((environment) => environment.waves);
  if (!waves.some(hasMergedPart)) return refused(nothingMerged(waves));
  if (plans.some((plan) => isOnTheWayBack(rollout, plan))) {
    return refused({ code: 'already-decided' });
  }
  if (plans.length === 0 || !plans.every((plan) => hasProvenWay(rollout, plan))) {
    return refused({ code: 'no-way-back' });
  }
  return happened({
    type: 'RollbackRequested',
    by,
    reason,
    recoveries: plans.map(({ environment, clusters, repositories, to, digest }) => ({
      environment,
      wave: `rollback-${(environmentNamed(rollout, environment)?.recoveries.length ?? 0) + 1}`,
      clusters: [...clusters],
      repositories: [...repositories],
      to,
      digest,
    })),
    leftOut: [...leftOut],
    at: now,
  });
}

function nothingMerged(waves: readonly Wave[]): Refusal {
  const merging = waves.find(({ phase }) => phase.name === 'merging');
  return merging === undefined ? { code: 'nothing-to-roll-back' } : mergeUnderWay(merging);
}

function mergeUnderWay({ environment, parts }: Wave): Refusal {
  const number = parts.at(0)?.number;
  return {
    code: 'merge-under-way',
    environment,
    ...(number === undefined ? {} : { pullRequest: number }),
  };
}

function isOnTheWayBack(rollout: Rollout, { environment, clusters }: RecoveryPlan): boolean {
  const recoveries = environmentNamed(rollout, environment)?.recoveries ?? [];
  return recoveries.some(
    (wave) => !isEnded(wave.phase) && wave.clusters.some((name) => clusters.includes(name)),
  );
}

/** Every cluster moved, did not go back since, and ran something proven when each of its waves began. */
function hasProvenWay(rollout: Rollout, { environment: name, clusters }: RecoveryPlan): boolean {
  const environment = environmentNamed(rollout, name);
  if (environment === undefined || clusters.length === 0) return false;
  const ways = waysBack(environment, clusters);
  return clusters.every((cluster) => ways.some((way) => way.cluster === cluster && 'to' in way));
}

/** Whether somebody may not stop things, in the words of stopping. */
export function stopUnfitness(may: CommandOf<'Pause'>['may']): RefusalCode | undefined {
  const unfit = unfitness(may);
  return unfit === 'not-an-approver' ? 'not-allowed-to-stop' : unfit;
}
