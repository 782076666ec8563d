import type { CommandOf } from './command.ts';
import { type Decision, happened, nothingHappened } from './decision.ts';
import { minimumAgeOf } from './expedite.ts';
import { isEnded } from './phases.ts';
import { mayStart } from './promotion.ts';
import type { Environment, Rollout } from './rollout.ts';
import { environmentNamed } from './rollout.ts';
import { isHalfMerged, isToMerge } from './wave.ts';

/** Asks for approval of a change. The same digest under the same rules is never asked twice at once. */
export function ask(rollout: Rollout, command: CommandOf<'Ask'>): Decision {
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

/** Every pin names the release already (or none is left): somebody was faster, and we yield. */
export function nothingToMove(rollout: Rollout, command: CommandOf<'NothingToMove'>): Decision {
  if (waitingFor(rollout, command.environment) === undefined) return nothingHappened;
  const { environment: name, detail, now } = command;
  return happened({ type: 'EnvironmentOvertaken', environment: name, detail, at: now });
}

/** In `observe` it is said what would have moved, and nobody is asked. */
export function recordObserved(rollout: Rollout, command: CommandOf<'RecordObserved'>): Decision {
  if (waitingFor(rollout, command.environment) === undefined) return nothingHappened;
  const { environment: name, pins, now } = command;
  return happened({ type: 'EnvironmentObserved', environment: name, pins, at: now });
}

/** What was approved is not what would be merged, or those who approved no longer count. */
export function voidApprovals(rollout: Rollout, command: CommandOf<'VoidApprovals'>): Decision {
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

/** Silence is no approval: an ask that nobody answered in time ends. */
export function expire(
  rollout: Rollout,
  { environment: name, now }: CommandOf<'Expire'>,
): Decision {
  const environment = environmentNamed(rollout, name);
  if (environment?.phase.name !== 'awaiting-approval' || environment.ask === undefined) {
    return nothingHappened;
  }
  if (now < environment.ask.expiresAt || rollout.snoozed !== undefined) return nothingHappened;
  const { number } = environment.ask;
  return happened({ type: 'ApprovalExpired', environment: name, ask: number, at: now });
}

/** The environment, if it is its turn and nothing was asked yet. A look may be older than what stopped it. */
function waitingFor(rollout: Rollout, name: string): Environment | undefined {
  if (rollout.snoozed !== undefined) return undefined;
  const environment = environmentNamed(rollout, name);
  if (environment?.phase.name !== 'waiting') return undefined;
  return mayStart(rollout, environment) ? environment : undefined;
}
