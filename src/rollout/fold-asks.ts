import type { EventOf } from './events.ts';
import { withEnvironment } from './fold.ts';
import { reckoned } from './fold-approvals.ts';
import { dependentsEnded } from './fold-ends.ts';
import { abandonedPullRequests, replanned } from './fold-waves.ts';
import { isHigher, riskOf } from './risk.ts';
import type { Environment, Rollout } from './rollout.ts';

export function asked(rollout: Rollout, event: EventOf<'ApprovalRequested'>): Rollout {
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
export function doubted(before: Rollout, rollout: Rollout): Rollout {
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

export function expedited(
  environment: Environment,
  event: EventOf<'ExpediteRequested' | 'EnvironmentExpedited'>,
): Environment {
  const { requests, open } = environment.expedite ?? { requests: [] };
  if (event.type === 'ExpediteRequested') {
    const { by, reason, lapsed = [] } = event;
    const all = [...requests.filter((one) => !lapsed.includes(one.by)), { by, reason }];
    return { ...environment, expedite: { requests: all, ...(open === undefined ? {} : { open }) } };
  }
  const { by, fixes, at } = event;
  return { ...environment, expedite: { requests, open: { by, fixes, at } } };
}

/** Some people's approvals drop out alone; when all fall, the ask is gone and what it opened is given up. */
export function voided(rollout: Rollout, event: EventOf<'ApprovalsVoided'>): Rollout {
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
export function woken(rollout: Rollout, { at }: EventOf<'SnoozeEnded'>): Rollout {
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
