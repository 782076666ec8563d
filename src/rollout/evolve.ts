import { assertNever } from '../shared/assert-never.ts';
import type { RolloutId } from '../shared/ids.ts';
import type { RolloutEvent } from './events.ts';
import { withEnvironment, withPart, withWave } from './fold.ts';
import { askedForRest, reckoned } from './fold-approvals.ts';
import { asked, doubted, expedited, voided, woken } from './fold-asks.ts';
import { brakeObserved, brakeReleased, brakeSetIn } from './fold-brake.ts';
import { dependentsEnded, endedAll, endedEnvironment, endedWithDependents } from './fold-ends.ts';
import { differing, mergeHeld, mergeStarted, pinOvertaken } from './fold-merges.ts';
import { pullRequestClosed, pullRequestMerged, pullRequestOpened } from './fold-parts.ts';
import {
  halted,
  replacementObserved,
  soakBroken,
  soakStarted,
  syncObserved,
  syncRequested,
  waveCompleted,
  windowEnded,
} from './fold-replacement.ts';
import { rollingBack } from './fold-rollback.ts';
import { unstalled } from './fold-waves.ts';
import { opened } from './opened.ts';
import { attemptKey, refusalKey } from './refusal-keys.ts';
import type { Rollout } from './rollout.ts';

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
    case 'WindowEnded':
      return windowEnded(rollout, event);
    case 'RolloutHalted':
      return halted(rollout, event);
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
    case 'PinOvertaken':
      return pinOvertaken(rollout, event);
    case 'SyncRequested':
      return syncRequested(rollout, event);
    case 'SyncObserved':
      return syncObserved(rollout, event);
    case 'ReplacementObserved':
      return replacementObserved(rollout, event);
    case 'ReplacementStalled':
      return withWave(rollout, event, (wave) => ({
        ...wave,
        stalled: { since: event.at, blockers: event.blockers },
      }));
    case 'ReplacementResumed':
      return withWave(rollout, event, unstalled);
    case 'SoakStarted':
      return soakStarted(rollout, event);
    case 'SoakBroken':
      return soakBroken(rollout, event);
    case 'WaveCompleted':
      return waveCompleted(rollout, event);
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
