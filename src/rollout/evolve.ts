import { assertNever } from '../shared/assert-never.ts';
import type { RolloutId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import type { RolloutEvent, WavePlan } from './events.ts';
import type { Ended, Environment, Part, Rollout, Wave, WavePhase } from './rollout.ts';
import { environmentNamed, isEnded, missingApprovals, waveNamed } from './rollout.ts';

type Opened = Extract<RolloutEvent, { type: 'RolloutOpened' }>;
type OfPart = Extract<RolloutEvent, { repository: unknown; number: unknown }>;

/** The state a rollout's first event gives. */
export function opened(id: RolloutId, event: Opened): Rollout {
  return {
    id,
    release: event.release,
    family: event.family,
    scope: event.scope,
    attempt: event.attempt,
    openedAt: event.at,
    ...(event.by === undefined ? {} : { openedBy: event.by }),
    skips: event.skips ?? 0,
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
      return { ...rollout, analysis: { value: event.analysis } };
    case 'AnalysisUnavailable':
      return {
        ...rollout,
        analysis: {
          unavailable: event.reason,
          ...(event.analysis === undefined ? {} : { value: event.analysis }),
        },
      };
    case 'ApprovalRequested':
      return withEnvironment(rollout, event.environment, (environment) => ({
        ...environment,
        policy: event.policy,
        phase: { name: 'awaiting-approval' },
        asks: event.ask,
        ask: {
          number: event.ask,
          digest: event.digest,
          at: event.at,
          expiresAt: event.expiresAt,
          grants: [],
          pins: event.pins,
          unproven: event.unproven ?? [],
        },
        waves: replanned(environment, event.waves),
      }));
    case 'ApprovalGranted':
      return withEnvironment(rollout, event.environment, (environment) => {
        const note = event.note === undefined ? {} : { note: event.note };
        return reckoned(environment, (grants) => [
          ...grants,
          { by: event.by, at: event.at, ...note },
        ]);
      });
    case 'ApprovalWithdrawn':
      return withEnvironment(rollout, event.environment, (environment) =>
        reckoned(environment, (grants) => grants.filter(({ by }) => by !== event.by)),
      );
    case 'ApprovalRefused':
      return withEnvironment(rollout, event.environment, (environment) => ({
        ...environment,
        refusals: [...environment.refusals, refusalKey(event.ask, event.by, event.reason)],
      }));
    case 'ApprovalsVoided':
      return withEnvironment(rollout, event.environment, (environment) => {
        const { of } = event;
        const voided = {
          because: event.because,
          at: event.at,
          ...(event.detail === undefined ? {} : { detail: event.detail }),
        };
        if (of !== undefined) {
          const left = reckoned(environment, (grants) =>
            grants.filter(({ by }) => !of.includes(by)),
          );
          return { ...left, voided };
        }
        const { ask: _, ...rest } = environment;
        return {
          ...rest,
          voided,
          phase: { name: 'waiting' },
          waves: environment.waves.map(abandonedPullRequests),
        };
      });
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
      return withEnvironment(rollout, event.environment, (environment) =>
        endedEnvironment(environment, 'closed', event.at),
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
      return { ...rollout, snoozed: { by: event.by, until: event.until, ...why } };
    }
    case 'SnoozeEnded': {
      const { snoozed: _, ...rest } = rollout;
      return rest;
    }
    case 'PullRequestOpened': {
      const asked = environmentNamed(rollout, event.environment)?.ask?.digest;
      return withWave(rollout, event, (wave) => {
        const { repository, number, url, branch, headSha } = event;
        const others = wave.parts.filter((part) => part.repository !== repository);
        return {
          ...wave,
          startedAt: wave.startedAt ?? event.at,
          phase: wave.phase.name === 'waiting' ? { name: 'pull-request' } : wave.phase,
          parts: [...others, { repository, number, url, branch, headSha }],
          before: wave.before.length > 0 ? wave.before : (event.before ?? []),
          ...(wave.recovery !== undefined || asked === undefined ? {} : { digest: asked }),
        };
      });
    }
    case 'ChangeRebased':
      return withPart(rollout, event, (part) => ({ ...part, headSha: event.headSha }));
    case 'MergeStarted':
      return withEnvironment(
        withWave(rollout, event, (wave) => {
          const { held: _, ...rest } = wave;
          return {
            ...rest,
            phase: { name: 'merging', since: event.at, digest: event.digest },
            before: event.before.length > 0 ? event.before : rest.before,
          };
        }),
        event.environment,
        (environment) =>
          environment.phase.name === 'approved'
            ? { ...environment, phase: { name: 'rolling' } }
            : environment,
      );
    case 'MergeHeld':
      return withEnvironment(
        withWave(rollout, event, (wave) => ({
          ...wave,
          phase: { name: 'pull-request' },
          held: {
            because: event.because,
            at: event.at,
            ...(event.detail === undefined ? {} : { detail: event.detail }),
          },
        })),
        event.environment,
        (environment) =>
          environment.phase.name === 'rolling' && environment.waves.every(neverMerged)
            ? { ...environment, phase: { name: 'approved' } }
            : environment,
      );
    case 'PullRequestMerged': {
      const merged = withWave(
        withPart(rollout, event, (part) => ({
          ...part,
          mergeSha: event.mergeSha,
          mergedBy: event.by,
        })),
        event,
        (wave) =>
          wave.repositories.every((name) =>
            wave.parts.some((part) => part.repository === name && part.mergeSha !== undefined),
          )
            ? { ...wave, phase: { name: 'merged', since: event.at } }
            : wave,
      );
      return withEnvironment(merged, event.environment, (environment) => ({
        ...environment,
        phase: isEnded(environment.phase) ? environment.phase : { name: 'rolling' },
        ...(event.approved ? {} : { unapprovedMerge: { by: event.by, at: event.at } }),
      }));
    }
    case 'MergeVerified':
      return withPhase(rollout, event, { name: 'syncing', since: event.at, synced: [] });
    case 'MergeDiffers':
      return withEnvironment(
        withPhase(rollout, event, { name: 'failed', at: event.at }),
        event.environment,
        (environment) => ({
          ...environment,
          phase: { name: 'failed', at: event.at },
          differs: { detail: event.detail, at: event.at },
        }),
      );
    case 'UnapprovedMergeAccepted':
      return withEnvironment(rollout, event.environment, (environment) => {
        const { unapprovedMerge: _, ...rest } = environment;
        return rest;
      });
    case 'PullRequestClosed': {
      const closed = withWave(
        withPart(rollout, event, (part) => ({ ...part, closedBy: event.by })),
        event,
        (wave) =>
          isEnded(wave.phase) || !wave.parts.some(({ number }) => number === event.number)
            ? wave
            : { ...wave, phase: { name: 'closed', at: event.at } },
        (environment) => completedBy(environment, event.at),
      );
      // Somebody closed it on purpose: the environment ends, and so does what may only follow it.
      return waveNamed(closed, event.environment, event.wave)?.phase.name === 'closed' &&
        !isRecovery(closed, event)
        ? endedWithDependents(closed, event.environment, 'closed', event.at)
        : closed;
    }
    case 'PinOvertaken': {
      const { by, detail, at } = event;
      if (isRecovery(rollout, event)) {
        return withWave(
          rollout,
          event,
          (wave) => ({ ...wave, phase: { name: 'overtaken', at } }),
          (environment) => completedBy(environment, at),
        );
      }
      return withEnvironment(
        endedWithDependents(rollout, event.environment, 'overtaken', at),
        event.environment,
        (environment) => ({ ...environment, overtaken: { by, detail, at } }),
      );
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
    case 'SoakStarted':
      return withWave(rollout, event, (wave) => ({
        ...unstalled(wave),
        phase: { name: 'soaking', since: event.at, until: event.until, total: event.total },
      }));
    case 'SoakBroken':
      return withWave(rollout, event, (wave) =>
        wave.phase.name === 'soaking'
          ? {
              ...wave,
              phase: { name: 'replacing', since: event.at, replaced: 0, total: wave.phase.total },
              stalled: { since: event.at, blockers: [event.because] },
            }
          : wave,
      );
    case 'WaveCompleted':
      return withWave(
        rollout,
        event,
        (wave) => ({
          ...unstalled(wave),
          phase: {
            name: 'complete',
            at: event.at,
            proven: event.proven,
            replaced: event.replaced,
            tail: event.tail,
          },
        }),
        (environment) => completedBy(environment, event.at),
      );
    case 'RolloutPaused': {
      const reason = event.reason === undefined ? {} : { reason: event.reason };
      return { ...rollout, paused: { by: event.by, at: event.at, ...reason } };
    }
    case 'RolloutResumed': {
      const { paused: _, ...rest } = rollout;
      return rest;
    }
    case 'RollbackRequested':
      return rollingBack(rollout, event);
    case 'RolloutSuperseded':
      return endedAll(
        { ...rollout, outcome: { name: 'superseded', by: event.by, at: event.at } },
        'superseded',
        event.at,
      );
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

/** The key under which a refusal is remembered, so that each is recorded once. */
export function refusalKey(ask: number | undefined, by: string, reason: string): string {
  return [ask ?? 0, by, reason].join('|');
}

function waveOf(environment: string, { name, clusters, repositories }: WavePlan): Wave {
  return {
    environment,
    name,
    clusters,
    phase: { name: 'waiting' },
    repositories: repositories ?? [],
    parts: [],
    abandoned: [],
    before: [],
  };
}

/** Waves that have begun stay as they are; the plan of the others follows the newest ask. */
function replanned({ policy, waves }: Environment, plans: readonly WavePlan[]): readonly Wave[] {
  return plans.map((plan) => {
    const known = waves.find(({ name }) => name === plan.name);
    if (known === undefined) return waveOf(policy.name, plan);
    return known.phase.name === 'waiting'
      ? { ...waveOf(policy.name, plan), abandoned: known.abandoned }
      : known;
  });
}

/** Counts the approvals anew: enough of them approve the environment, too few reopen the ask. */
function reckoned(
  environment: Environment,
  change: (
    grants: NonNullable<Environment['ask']>['grants'],
  ) => NonNullable<Environment['ask']>['grants'],
): Environment {
  const { ask, phase } = environment;
  if (ask === undefined) return environment;
  const counted = { ...environment, ask: { ...ask, grants: change(ask.grants) } };
  if (phase.name !== 'awaiting-approval' && phase.name !== 'approved') return counted;
  return {
    ...counted,
    phase: { name: missingApprovals(counted) === 0 ? 'approved' : 'awaiting-approval' },
  };
}

/** The next ask gets pull requests of its own: what others put on the old branch stays there for them. */
function abandonedPullRequests(wave: Wave): Wave {
  if (wave.phase.name !== 'pull-request') return wave;
  const { held: _, digest: __, ...rest } = wave;
  return {
    ...rest,
    phase: { name: 'waiting' },
    parts: [],
    before: [],
    abandoned: [...wave.abandoned, ...wave.parts],
  };
}

function neverMerged({ parts, phase }: Wave): boolean {
  return phase.name !== 'merging' && parts.every(({ mergeSha }) => mergeSha === undefined);
}

function unstalled(wave: Wave): Wave {
  const { stalled: _, ...rest } = wave;
  return rest;
}

function isRecovery(
  rollout: Rollout,
  { environment, wave }: { readonly environment: string; readonly wave: string },
): boolean {
  return waveNamed(rollout, environment, wave)?.recovery !== undefined;
}

function completedBy(environment: Environment, at: Instant): Environment {
  const { recoveries } = environment;
  if (recoveries.length > 0) {
    if (!recoveries.every(({ phase }) => isEnded(phase))) return environment;
    const back = recoveries.some(({ phase }) => phase.name === 'complete');
    return { ...environment, phase: { name: back ? 'rolled-back' : 'failed', at } };
  }
  if (isEnded(environment.phase)) return environment;
  return environment.waves.every(({ phase }) => phase.name === 'complete')
    ? { ...environment, phase: { name: 'complete' } }
    : environment;
}

/** Ends what has not merged. Waves whose nodes already move are followed to their end. */
function endedEnvironment(environment: Environment, name: Ended, at: Instant): Environment {
  return {
    ...environment,
    phase: { name, at },
    waves: environment.waves.map((wave) =>
      isEnded(wave.phase) || !neverMerged(wave) ? wave : { ...wave, phase: { name, at } },
    ),
  };
}

function endedAll(rollout: Rollout, name: Ended, at: Instant): Rollout {
  return {
    ...rollout,
    environments: rollout.environments.map((environment) =>
      isEnded(environment.phase) ? environment : endedEnvironment(environment, name, at),
    ),
  };
}

/** Ends an environment, and every environment that may only follow it. */
function endedWithDependents(rollout: Rollout, name: string, ended: Ended, at: Instant): Rollout {
  const ends = new Set([name]);
  for (let grew = true; grew; ) {
    const size = ends.size;
    for (const { policy } of rollout.environments) {
      if (policy.after.some((before) => ends.has(before))) ends.add(policy.name);
    }
    grew = ends.size > size;
  }
  return {
    ...rollout,
    environments: rollout.environments.map((environment) =>
      ends.has(environment.policy.name) && !isEnded(environment.phase)
        ? endedEnvironment(environment, ended, at)
        : environment,
    ),
  };
}

/** Forward movement ends everywhere; the chosen clusters get a wave back each environment. */
function rollingBack(
  rollout: Rollout,
  event: Extract<RolloutEvent, { type: 'RollbackRequested' }>,
): Rollout {
  const { outcome: _, snoozed: __, paused: ___, ...open } = rollout;
  const { by, reason, at, leftOut, recoveries } = event;
  return {
    ...open,
    rollback: { by, reason, at, leftOut },
    environments: rollout.environments.map((environment) => {
      const mine = recoveries.filter((one) => one.environment === environment.policy.name);
      if (mine.length === 0) {
        return isEnded(environment.phase)
          ? environment
          : endedEnvironment(environment, 'closed', at);
      }
      return {
        ...environment,
        phase: { name: 'rolling' },
        waves: environment.waves.map((wave) =>
          isEnded(wave.phase) ? wave : { ...wave, phase: { name: 'rolled-back', at } },
        ),
        recoveries: [
          ...environment.recoveries,
          ...mine.map((one) => ({
            ...waveOf(environment.policy.name, { ...one, name: one.wave }),
            recovery: { to: one.to, digest: one.digest },
          })),
        ],
      };
    }),
  };
}

function withEnvironment(
  rollout: Rollout,
  name: string,
  change: (environment: Environment) => Environment,
): Rollout {
  return {
    ...rollout,
    environments: rollout.environments.map((environment) =>
      environment.policy.name === name ? change(environment) : environment,
    ),
  };
}

function withWave(
  rollout: Rollout,
  { environment, wave }: { readonly environment: string; readonly wave: string },
  change: (wave: Wave) => Wave,
  after: (environment: Environment) => Environment = (same) => same,
): Rollout {
  const changed = (one: Wave) => (one.name === wave ? change(one) : one);
  return withEnvironment(rollout, environment, (found) =>
    after({ ...found, waves: found.waves.map(changed), recoveries: found.recoveries.map(changed) }),
  );
}

function withPhase(
  rollout: Rollout,
  event: { readonly environment: string; readonly wave: string },
  phase: WavePhase,
): Rollout {
  return withWave(rollout, event, (wave) => ({ ...wave, phase }));
}

function withPart(rollout: Rollout, event: OfPart, change: (part: Part) => Part): Rollout {
  const changed = (part: Part) =>
    part.repository === event.repository && part.number === event.number ? change(part) : part;
  return withWave(rollout, event, (wave) => ({
    ...wave,
    parts: wave.parts.map(changed),
    abandoned: wave.abandoned.map(changed),
  }));
}
