import { assertNever } from '../shared/assert-never.ts';
import type { RolloutId } from '../shared/ids.ts';
import type { EventOf, RolloutEvent } from './events.ts';
import { changedWave, withEnvironment, withPart, withWave } from './fold.ts';
import { askedForRest, decidedPhase, reckoned } from './fold-approvals.ts';
import { brakeObserved, brakeReleased, brakeSetIn } from './fold-brake.ts';
import {
  completedBy,
  dependentsEnded,
  endedAll,
  endedEnvironment,
  endedWithDependents,
} from './fold-ends.ts';
import { pullRequestClosed, pullRequestMerged, pullRequestOpened } from './fold-parts.ts';
import { rollingBack } from './fold-rollback.ts';
import { abandonedPullRequests, replanned, unstalled, waveOf } from './fold-waves.ts';
import { isHigher, riskOf } from './risk.ts';
import type { Environment, Rollout, Wave } from './rollout.ts';
import { waveNamed } from './rollout.ts';

/** The state a rollout's first event gives. */
export function opened(id: RolloutId, event: EventOf<'RolloutOpened'>): Rollout {
  return {
    id,
    release: event.release,
    family: event.family,
    scope: event.scope,
    attempt: event.attempt,
    openedAt: event.at,
    ...(event.by === undefined ? {} : { openedBy: event.by }),
    skips: event.skips ?? 0,
    ...(event.view === undefined ? {} : { view: event.view }),
    releasedAt: event.releasedAt ?? event.at,
    ...(event.pinsCluster === undefined ? {} : { pinsCluster: event.pinsCluster }),
    ...(event.theirs === undefined ? {} : { theirs: event.theirs }),
    analysis: 'pending',
    environments: event.environments.map(({ policy, waves, replaces }) => ({
      policy,
      replaces,
      phase: { name: 'waiting' },
      waves: waves.map((plan) => waveOf(policy.name, plan)),
      recoveries: [],
      asks: 0,
      refusals: [],
    })),
    attempts: [],
    lastChangeAt: event.at,
  };
}

/** Folds a whole stream. `undefined` for an empty one. */
export function rolloutOf(id: RolloutId, events: Iterable<RolloutEvent>): Rollout | undefined {
  let rollout: Rollout | undefined;
  for (const event of events) {
    if (rollout === undefined) {
      if (event.type !== 'RolloutOpened') throw new Error(`${id} begins with ${event.type}`);
      rollout = opened(id, event);
    } else {
      rollout = evolve(rollout, event);
    }
  }
  return rollout;
}

/** Folds one stored fact. It never refuses: the decision was made when the event was written. */
export function evolve(before: Rollout, event: RolloutEvent): Rollout {
  const rollout: Rollout = { ...before, lastChangeAt: event.at };
  switch (event.type) {
    case 'RolloutOpened':
      return opened(rollout.id, event);
    case 'AnalysisCompleted':
      return doubted(before, { ...rollout, analysis: { value: event.analysis } });
    case 'AnalysisUnavailable':
      return doubted(before, {
        ...rollout,
        analysis: {
          unavailable: event.reason,
          ...(event.analysis === undefined ? {} : { value: event.analysis }),
        },
      });
    case 'RiskRaised': {
      const { level, because, at } = event;
      return doubted(before, { ...rollout, raised: { level, because, at } });
    }
    case 'EnvironmentDeferred': {
      const { until, because } = event;
      return withEnvironment(rollout, event.environment, (environment) => ({
        ...environment,
        deferred: { until, because },
      }));
    }
    case 'ApprovedAutomatically':
      return withEnvironment(rollout, event.environment, (environment) => {
        const { ask } = environment;
        if (ask === undefined) return environment;
        const automatic = { because: event.because, at: event.at };
        return reckoned({ ...environment, ask: { ...ask, automatic } }, ask.grants, event.at);
      });
    case 'ApproversReminded':
      return withEnvironment(rollout, event.environment, (environment) => {
        const { ask } = environment;
        return ask === undefined
          ? environment
          : { ...environment, ask: { ...ask, remindedAt: event.at } };
      });
    case 'ExpediteRequested':
    case 'EnvironmentExpedited':
      return withEnvironment(rollout, event.environment, (environment) =>
        expedited(environment, event),
      );
    case 'WindowEnded': {
      const ended = withWave(rollout, event, (wave) => ({ ...wave, windowEndedAt: event.at }));
      const reason = `the window of ${event.environment} ended while nodes were being replaced`;
      return ended.paused === undefined ? { ...ended, paused: { at: event.at, reason } } : ended;
    }
    case 'RolloutHalted': {
      const halted = withWave(rollout, event, (wave) => ({
        ...wave,
        haltedBy: [...new Set([...(wave.haltedBy ?? []), ...event.checks])],
      }));
      const reason = `new nodes in ${event.environment} are worse than the old ones`;
      return halted.paused === undefined ? { ...halted, paused: { at: event.at, reason } } : halted;
    }
    case 'BrakeSet':
      return brakeSetIn(rollout, event);
    case 'BrakeObserved':
      return brakeObserved(rollout, event);
    case 'BrakeReleased':
      return brakeReleased(rollout, event);
    case 'ApprovalRequested':
      return asked(rollout, event);
    case 'ApprovalGranted':
      return withEnvironment(rollout, event.environment, (environment) => {
        const note = event.note === undefined ? {} : { note: event.note };
        const sets = event.sets === undefined ? {} : { sets: event.sets };
        const atClick = event.atClick === undefined ? {} : { atClick: event.atClick };
        const grant = { by: event.by, at: event.at, ...note, ...sets, ...atClick };
        return reckoned(environment, [...(environment.ask?.grants ?? []), grant], event.at);
      });
    case 'ApprovalWithdrawn':
      return withEnvironment(rollout, event.environment, (environment) => {
        const grants = environment.ask?.grants ?? [];
        return reckoned(
          environment,
          grants.filter(({ by }) => by !== event.by),
          event.at,
        );
      });
    case 'ApprovalRefused':
      // Who was refused is told that nothing changed.
      return withEnvironment(before, event.environment, (environment) => ({
        ...environment,
        refusals: [...environment.refusals, refusalKey(event.ask, event.by, event.reason)],
      }));
    case 'AttemptRefused':
      // Nothing about the rollout has changed.
      return { ...before, attempts: [...before.attempts, attemptKey(event)] };
    case 'ApprovalsVoided':
      return voided(rollout, event);
    case 'ApprovalExpired':
      return endedWithDependents(rollout, event.environment, 'expired', event.at);
    case 'EnvironmentRejected': {
      const { by, reason, at } = event;
      return withEnvironment(
        endedWithDependents(rollout, event.environment, 'rejected', at),
        event.environment,
        (environment) => ({ ...environment, rejected: { by, reason, at } }),
      );
    }
    case 'EnvironmentObserved':
      return dependentsEnded(
        withEnvironment(rollout, event.environment, (environment) => ({
          ...endedEnvironment(environment, 'closed', event.at),
          observed: { pins: event.pins, at: event.at },
        })),
        event.at,
      );
    case 'EnvironmentOvertaken':
      return withEnvironment(
        endedWithDependents(rollout, event.environment, 'overtaken', event.at),
        event.environment,
        (environment) => ({
          ...environment,
          overtaken: { by: '', detail: event.detail, at: event.at },
        }),
      );
    case 'Snoozed': {
      const why = event.why === undefined ? {} : { why: event.why };
      const at = rollout.snoozed?.at ?? event.at;
      return { ...rollout, snoozed: { by: event.by, until: event.until, at, ...why } };
    }
    case 'SnoozeEnded':
      return woken(rollout, event);
    case 'PullRequestOpened':
      return pullRequestOpened(rollout, event);
    case 'ChangeRebased':
      return withWave(rollout, event, (wave) =>
        withPart(wave, event, (part) => ({ ...part, headSha: event.headSha })),
      );
    case 'MergeRequested': {
      const { by, at, digest } = event;
      return withWave(rollout, event, (wave) => ({ ...wave, pressed: { by, at, digest } }));
    }
    case 'MergeStarted':
      return mergeStarted(rollout, event);
    case 'MergeHeld':
      return mergeHeld(rollout, event);
    case 'PullRequestEnqueued':
      return withWave(rollout, event, (wave) =>
        withPart(wave, event, (part) => ({ ...part, queuedAt: event.at })),
      );
    case 'PullRequestMerged':
      return pullRequestMerged(rollout, event);
    case 'MergeVerified':
      return withWave(rollout, event, (wave) => ({
        ...wave,
        phase: { name: 'syncing', since: event.at, synced: [] },
      }));
    case 'MergeDiffers':
      return differing(rollout, event);
    case 'UnapprovedMergeAccepted':
      return withEnvironment(rollout, event.environment, (environment) => {
        const { unapprovedMerge: _, ...rest } = environment;
        return askedForRest(rest, event.at);
      });
    case 'PullRequestClosed':
      return dependentsEnded(pullRequestClosed(rollout, event), event.at);
    case 'PinOvertaken': {
      const { by, detail, at } = event;
      if (isRecovery(rollout, event)) return recoveryEnded(rollout, event, 'overtaken');
      return withEnvironment(
        endedWithDependents(rollout, event.environment, 'overtaken', at),
        event.environment,
        (environment) => ({ ...environment, overtaken: { by, detail, at } }),
      );
    }
    case 'SyncRequested': {
      const { cluster, by, at } = event;
      return withWave(rollout, event, (wave) => {
        const { phase } = wave;
        if (phase.name !== 'syncing') return wave;
        return { ...wave, phase: { ...phase, asked: { ...phase.asked, [cluster]: { by, at } } } };
      });
    }
    case 'SyncObserved':
      return withWave(rollout, event, (wave) => {
        if (wave.phase.name !== 'syncing') return wave;
        const synced = [...new Set([...wave.phase.synced, event.cluster])];
        return wave.clusters.every((cluster) => synced.includes(cluster))
          ? { ...wave, phase: { name: 'replacing', since: event.at, replaced: 0, total: 0 } }
          : { ...wave, phase: { ...wave.phase, synced } };
      });
    case 'ReplacementObserved':
      return withWave(rollout, event, (wave) =>
        wave.phase.name === 'replacing'
          ? { ...wave, phase: { ...wave.phase, replaced: event.replaced, total: event.total } }
          : wave,
      );
    case 'ReplacementStalled':
      return withWave(rollout, event, (wave) => ({
        ...wave,
        stalled: { since: event.at, blockers: event.blockers },
      }));
    case 'ReplacementResumed':
      return withWave(rollout, event, unstalled);
    case 'SoakStarted': {
      const soaking = withWave(rollout, event, (wave) => ({
        ...unstalled(wave),
        ...(event.asks === undefined ? {} : { tailAsked: true }),
        phase: {
          name: 'soaking',
          since: event.at,
          until: event.until,
          total: event.total,
          ...(event.tail === undefined ? {} : { tail: event.tail }),
          ...(event.asks === undefined ? {} : { asks: true }),
        },
      }));
      if (event.asks === undefined || soaking.paused !== undefined) return soaking;
      const reason = `nodes of ${event.environment} cannot move yet, and the policy asks whether to go on without them`;
      return { ...soaking, paused: { at: event.at, reason } };
    }
    case 'SoakBroken':
      return withWave(rollout, event, (wave) =>
        wave.phase.name === 'soaking'
          ? {
              ...wave,
              phase: { name: 'replacing', since: event.at, replaced: 0, total: wave.phase.total },
              stalled: { since: event.at, blockers: [event.because], soak: true },
            }
          : wave,
      );
    case 'WaveCompleted':
      return withEnvironment(rollout, event.environment, (environment) => {
        const { at, proven, replaced, tail } = event;
        const complete = (wave: Wave): Wave => ({
          ...unstalled(wave),
          phase: { name: 'complete', at, proven, replaced, tail },
        });
        return completedBy(changedWave(environment, event.wave, complete), at);
      });
    case 'RolloutPaused': {
      const reason = event.reason === undefined ? {} : { reason: event.reason };
      return { ...rollout, paused: { by: event.by, at: event.at, ...reason } };
    }
    case 'RolloutResumed': {
      const { paused: _, brake, ...rest } = rollout;
      return brake === undefined ? rest : { ...rest, brake: { ...brake, releasing: true } };
    }
    case 'RollbackRequested':
      return rollingBack(rollout, event);
    case 'RolloutSwitched': {
      const { by, to, at } = event;
      return endedAll({ ...rollout, switched: { by, to, at } }, 'superseded', at);
    }
    case 'RolloutSuperseded':
      return endedAll(
        { ...rollout, outcome: { name: 'superseded', by: event.by, at: event.at } },
        'superseded',
        event.at,
      );
    case 'ReleaseRecalled': {
      const { reason, at } = event;
      return endedAll({ ...rollout, recalled: { reason, at } }, 'withdrawn', at);
    }
    case 'RolloutCompleted':
      return { ...rollout, outcome: { name: 'complete', at: event.at } };
    case 'RolloutRolledBack':
      return { ...rollout, outcome: { name: 'rolled-back', at: event.at } };
    case 'RolloutClosed':
      return { ...rollout, outcome: { name: event.outcome, at: event.at } };
    default:
      return assertNever(event);
  }
}

/** The key under which a refusal is remembered, so that they can be counted. */
export function refusalKey(ask: number | undefined, by: string, reason: string): string {
  return [ask ?? 0, by, reason].join('|');
}

/** The key under which a request that was turned down is remembered, so that they can be counted. */
export function attemptKey({
  by,
  wanted,
  environment,
  ask,
  reason,
}: Omit<EventOf<'AttemptRefused'>, 'type' | 'at'>): string {
  return [wanted, environment ?? '', ask ?? 0, by, reason].join('|');
}

function asked(rollout: Rollout, event: EventOf<'ApprovalRequested'>): Rollout {
  const { ask: number, digest, policy, pins, expiresAt, at } = event;
  const asking = withEnvironment(rollout, event.environment, ({ deferred: _, ...environment }) => ({
    ...environment,
    policy,
    phase: { name: 'awaiting-approval' },
    asks: number,
    ask: { number, digest, at, expiresAt, grants: [], pins, unproven: event.unproven ?? [] },
    waves: replanned(environment, event.waves),
  }));
  // The newer rules may put it behind an environment that has ended.
  return dependentsEnded(asking, at);
}

/** Who agreed when less was known did not agree to this; what nobody agreed to yet simply shows it. */
function doubted(before: Rollout, rollout: Rollout): Rollout {
  const level = riskOf(rollout);
  if (level === undefined || !isHigher(level, riskOf(before))) return rollout;
  const why = rollout.raised?.because ?? `the risk is ${level}`;
  return {
    ...rollout,
    environments: rollout.environments.map((environment) => {
      const { ask } = environment;
      const agreed = (ask?.grants.length ?? 0) > 0 || ask?.automatic !== undefined;
      return ask === undefined || !agreed
        ? environment
        : { ...environment, ask: { ...ask, doubted: why } };
    }),
  };
}

function expedited(
  environment: Environment,
  event: EventOf<'ExpediteRequested' | 'EnvironmentExpedited'>,
): Environment {
  const { requests, open } = environment.expedite ?? { requests: [] };
  if (event.type === 'ExpediteRequested') {
    const { by, reason } = event;
    const all = [...requests, { by, reason }];
    return { ...environment, expedite: { requests: all, ...(open === undefined ? {} : { open }) } };
  }
  const { by, fixes, at } = event;
  return { ...environment, expedite: { requests, open: { by, fixes, at } } };
}

/** Some people's approvals drop out alone; when all fall, the ask is gone and what it opened is given up. */
function voided(rollout: Rollout, event: EventOf<'ApprovalsVoided'>): Rollout {
  const { of, because, detail, at } = event;
  return withEnvironment(rollout, event.environment, (environment) => {
    const why = { because, at, ...(detail === undefined ? {} : { detail }) };
    if (of !== undefined) {
      const left = environment.ask?.grants.filter(({ by }) => !of.includes(by)) ?? [];
      return { ...reckoned(environment, left, at), voided: why };
    }
    const { ask: _, ...rest } = environment;
    return {
      ...rest,
      voided: why,
      phase: { name: 'waiting' },
      waves: environment.waves.map(abandonedPullRequests),
    };
  });
}

/** Quiet time does not count against open asks. */
function woken(rollout: Rollout, { at }: EventOf<'SnoozeEnded'>): Rollout {
  const { snoozed, ...rest } = rollout;
  if (snoozed === undefined) return rollout;
  const quietMs = Math.max(0, at - snoozed.at);
  return {
    ...rest,
    environments: rollout.environments.map((environment) => {
      const { ask } = environment;
      return ask === undefined
        ? environment
        : { ...environment, ask: { ...ask, expiresAt: ask.expiresAt + quietMs } };
    }),
  };
}

function mergeStarted(rollout: Rollout, event: EventOf<'MergeStarted'>): Rollout {
  return withEnvironment(rollout, event.environment, (environment) => {
    const started = changedWave(environment, event.wave, ({ held: _, ...wave }) => ({
      ...wave,
      phase: { name: 'merging', since: event.at, digest: event.digest },
      decidedAt: event.at,
      before: event.before.length > 0 ? event.before : wave.before,
    }));
    return { ...started, phase: { name: 'rolling' } };
  });
}

function mergeHeld(rollout: Rollout, event: EventOf<'MergeHeld'>): Rollout {
  const { because, detail, at } = event;
  return withEnvironment(rollout, event.environment, (environment) => {
    const backed = changedWave(
      environment,
      event.wave,
      ({ decidedAt: _, pressed: ___, ...wave }) => ({
        ...wave,
        phase: { name: 'pull-request' },
        parts: wave.parts.map(({ queuedAt: __, ...part }) => part),
        held: { because, at, ...(detail === undefined ? {} : { detail }) },
        holds: (wave.holds ?? 0) + 1,
      }),
    );
    return { ...backed, phase: decidedPhase(backed) };
  });
}

/** What landed is not what was approved: nothing in the rollout goes on by itself. */
function differing(rollout: Rollout, event: EventOf<'MergeDiffers'>): Rollout {
  const { detail, at } = event;
  const marked = withEnvironment(rollout, event.environment, (environment) => ({
    ...environment,
    differs: { detail, at },
  }));
  if (isRecovery(marked, event)) return recoveryEnded(marked, event, 'failed');
  const failed = withWave(marked, event, (wave) => ({ ...wave, phase: { name: 'failed', at } }));
  // All that goes forward has ended already where a rollback was asked for.
  if (rollout.rollback !== undefined) return failed;
  return endedAll(endedWithDependents(failed, event.environment, 'failed', at), 'closed', at);
}

function recoveryEnded(
  rollout: Rollout,
  { environment: name, wave, at }: EventOf<'PinOvertaken' | 'MergeDiffers'>,
  ended: 'overtaken' | 'failed',
): Rollout {
  return withEnvironment(rollout, name, (environment) =>
    completedBy(
      changedWave(environment, wave, (one) => ({ ...one, phase: { name: ended, at } })),
      at,
    ),
  );
}

function isRecovery(
  rollout: Rollout,
  { environment, wave }: EventOf<'PinOvertaken' | 'MergeDiffers'>,
): boolean {
  return waveNamed(rollout, environment, wave)?.recovery !== undefined;
}
