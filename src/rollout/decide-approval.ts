import type { SlackUserId } from '../shared/ids.ts';
import { openSets } from './approval-sets.ts';
import { isWorthARecord } from './attempt-on-record.ts';
import type { CommandOf } from './command.ts';
import { type Decision, happened, refused } from './decision.ts';
import { isEnded } from './phases.ts';
import { mergesInGitHub } from './pull-request-rule.ts';
import type { Authority, Refusal, RefusalCode } from './refusal.ts';
import { refusalKey } from './refusal-keys.ts';
import type { Environment, Rollout } from './rollout.ts';
import { environmentNamed, missingApprovals } from './rollout.ts';
import type { Wave } from './wave.ts';
import { isHalfMerged, isPastReturn, isQueued } from './wave.ts';

/** A person agrees to one environment's change as it was shown to them. */
export function approve(rollout: Rollout, command: CommandOf<'Approve'>): Decision {
  const environment = environmentNamed(rollout, command.environment);
  if (environment === undefined || rollout.outcome !== undefined)
    return refused({ code: 'closed' });
  const { by, may, now } = command;
  const unfit = unfitness(may);
  if (unfit !== undefined) return refusedOnRecord(environment, command, unfit);
  if (rollout.openedBy === by) return refusedOnRecord(environment, command, 'own-request');
  const stale = staleness(environment, command.ask);
  if (stale !== undefined) return refused(stale);
  const { ask, phase, policy } = environment;
  if (ask === undefined) return refused({ code: 'closed' });
  if (mergesInGitHub(policy)) {
    return refused({ code: 'merged-in-github', environment: command.environment });
  }
  // People double-click, and Slack delivers twice: the second press is not a second approval.
  if (ask.grants.some((grant) => grant.by === by)) {
    return refused({
      code: 'already-approved',
      environment: command.environment,
      missing: missingApprovals(environment),
      ...(environment.policy.approval.sets === undefined
        ? {}
        : { missingOf: openSets(environment.policy.approval, ask.grants) }),
    });
  }
  const last = ask.grants.at(-1);
  if (phase.name !== 'awaiting-approval') {
    return refused({
      code: 'already-decided',
      environment: command.environment,
      ...(last === undefined ? {} : { by: last.by, at: last.at }),
    });
  }
  // Quiet time does not count against the ask.
  const expired = now >= ask.expiresAt && rollout.snoozed === undefined;
  if (expired) return refused({ code: 'old-card', environment: command.environment });
  return happened({
    type: 'ApprovalGranted',
    environment: command.environment,
    by,
    digest: ask.digest,
    ...(command.note === undefined ? {} : { note: command.note }),
    ...(command.sets === undefined ? {} : { sets: [...command.sets] }),
    ...(command.atClick === undefined ? {} : { atClick: [...command.atClick] }),
    at: now,
  });
}

/** A person takes an approval back, as long as no merge was decided on it; a veto takes it out of a merge queue. */
export function withdraw(rollout: Rollout, command: CommandOf<'Withdraw'>): Decision {
  const environment = environmentNamed(rollout, command.environment);
  if (environment === undefined || rollout.outcome !== undefined)
    return refused({ code: 'closed' });
  const late = underWay(environment);
  if (late !== undefined) return refused(late);
  const stale = staleness(environment, command.ask);
  if (stale !== undefined) return refused(stale);
  const { ask } = environment;
  // Taking one's own approval back needs no authority: somebody who left the group may do it too.
  if (ask === undefined || !ask.grants.some((grant) => grant.by === command.by)) {
    return refused({ code: 'not-approved-by-you', environment: command.environment });
  }
  return happened({
    type: 'ApprovalWithdrawn',
    environment: command.environment,
    by: command.by,
    digest: ask.digest,
    at: command.now,
  });
}

/** A veto: one is enough, and it comes too late once a merge was decided. */
export function reject(rollout: Rollout, command: CommandOf<'Reject'>): Decision {
  const environment = environmentNamed(rollout, command.environment);
  if (environment === undefined || rollout.outcome !== undefined)
    return refused({ code: 'closed' });
  const unfit = unfitness(command.may);
  if (unfit !== undefined) return refusedOnRecord(environment, command, unfit);
  const late = underWay(environment, isQueued);
  if (late !== undefined) return refused(late);
  const stale = staleness(environment, command.ask);
  if (stale !== undefined) return refused(stale);
  return happened({
    type: 'EnvironmentRejected',
    environment: command.environment,
    by: command.by,
    reason: command.reason,
    at: command.now,
  });
}

/** Lets the promotion go on after somebody merged without the approvals. */
export function acceptUnapprovedMerge(
  rollout: Rollout,
  { environment: name, by, may, now }: CommandOf<'AcceptUnapprovedMerge'>,
): Decision {
  const environment = environmentNamed(rollout, name);
  if (environment === undefined || rollout.outcome !== undefined)
    return refused({ code: 'closed' });
  const unfit = unfitness(may);
  if (unfit !== undefined)
    return refusedOnRecord(environment, { environment: name, by, now }, unfit);
  // Somebody else pressed it a moment ago.
  if (environment.unapprovedMerge === undefined)
    return refused({ code: 'already-decided', environment: name });
  return happened({ type: 'UnapprovedMergeAccepted', environment: name, by, at: now });
}

/** Why somebody may not approve, whatever is asked; `undefined` when they may. */
export function unfitness(may: Authority): RefusalCode | undefined {
  switch (may) {
    case 'yes':
      return undefined;
    case 'no':
      return 'not-an-approver';
    case 'guest-or-bot':
      return 'guest-or-bot';
    case 'unknown':
      return 'cannot-check';
  }
}

/** Refuses, and keeps the attempt on record. */
export function refusedOnRecord(
  environment: Environment,
  {
    by,
    ask,
    now,
  }: {
    readonly environment: string;
    readonly by: SlackUserId;
    readonly ask?: number;
    readonly now: number;
  },
  code: RefusalCode,
): Decision {
  const refusal: Refusal = { code, environment: environment.policy.name };
  if (!isWorthARecord(environment.refusals, refusalKey(ask, by, code))) return refused(refusal);
  return refused(refusal, {
    type: 'ApprovalRefused',
    environment: environment.policy.name,
    ...(ask === undefined ? {} : { ask }),
    by,
    reason: code,
    at: now,
  });
}

/** A click on a card that no longer shows what is asked. */
export function staleness(
  { ask, asks, phase, policy, rejected }: Environment,
  clicked: number,
): Refusal | undefined {
  if (isEnded(phase)) {
    return {
      code: 'already-decided',
      environment: policy.name,
      ...(rejected === undefined ? {} : { by: rejected.by, at: rejected.at }),
    };
  }
  if (ask === undefined || clicked !== ask.number) {
    return { code: 'old-card', environment: policy.name, newestAsk: asks };
  }
  return undefined;
}

/** Whether a *no*, or an approval taken back, still comes in time. */
export function canStillBeRejected(environment: Environment): boolean {
  const { ask, phase } = environment;
  return ask !== undefined && !isEnded(phase) && underWay(environment, isQueued) === undefined;
}

/**
 * The point of no return has passed for what this ask covers. While people are asked (again) for the rest of an
 * environment, what has merged whole before does not take their *no* away.
 */
function underWay(
  { waves, policy, phase, ask }: Environment,
  isInTime: (wave: Wave) => boolean = () => false,
): Refusal | undefined {
  const open = phase.name === 'awaiting-approval';
  const wave = waves.find((one) => {
    return open
      ? isHalfMerged(one)
      : isPastReturn(one) && !isInTime(one) && one.digest === ask?.digest;
  });
  if (wave === undefined) return undefined;
  const number = wave.parts.at(0)?.number;
  return {
    code: 'merge-under-way',
    environment: policy.name,
    ...(number === undefined ? {} : { pullRequest: number }),
  };
}
