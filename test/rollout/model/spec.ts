import fc from 'fast-check';
import type { RiskLevel } from '../../../src/rollout/opening-events.ts';
import type { EnvironmentPolicy } from '../../../src/rollout/policy.ts';
import { RepositoryName, SlackUserId } from '../../../src/shared/ids.ts';
import { day, hour, minute } from '../../../src/shared/time.ts';

export const people = ['U0ANN', 'U0BO', 'U0CY', 'U0DEE'].map((id) => SlackUserId.parse(id));
export const outsiders = ['U0OTHER', 'U0GUEST'].map((id) => SlackUserId.parse(id));
const repositories = ['acme/gitops', 'acme/more'].map((name) => RepositoryName.parse(name));

export type ClusterSpec = {
  readonly name: string;
  readonly repositories: readonly RepositoryName[];
  /** Whether Ready nodes prove what it ran before. */
  readonly proven: boolean;
};
export type EnvironmentSpec = {
  readonly policy: EnvironmentPolicy;
  readonly waves: readonly (readonly ClusterSpec[])[];
};
/** A fleet, and how its world behaves all along. */
export type FleetSpec = {
  readonly environments: readonly EnvironmentSpec[];
  /** Somebody who asked for the rollout by hand. */
  readonly requester?: SlackUserId;
  /** Whether an analysis ever comes, what it says, and whether the release fixes something urgent. */
  readonly analysed: boolean;
  readonly risk: RiskLevel;
  readonly urgent: boolean;
};

/** Names of the teams whose members fill the sets of a rule, where it has sets. */
const teams = ['platform', 'sre'] as const;

/** Which of the teams somebody is in at first: one in each, two in both. */
export function firstTeams(person: SlackUserId): readonly number[] {
  const index = people.indexOf(person);
  return [[0], [0, 1], [1], [0, 1]][index] ?? [];
}

/** What an environment's rules say beyond who and how many; most say little, as in life. */
const rules = fc.record({
  sets: rarely(fc.constant(true)),
  automatic: fc.constantFrom(undefined, 'always' as const, 'low-risk' as const),
  protected: rarely(fc.constant(true)),
  minimumAgeMs: rarely(fc.constant(day)),
  validForMs: rarely(fc.constantFrom(2 * day, 5 * day)),
  window: rarely(
    fc.record({
      /** Opens every day at that hour, UTC. */
      opens: fc.constantFrom(2, 9, 11),
      hours: fc.constantFrom(2, 6),
      onEnd: fc.constantFrom(undefined, 'ask' as const),
    }),
  ),
  /** No merges from that day of November 2026 on, for so many days. */
  freeze: rarely(fc.record({ from: fc.constantFrom(20, 21, 23), days: fc.constantFrom(1, 3) })),
  atLeastNodes: rarely(fc.constantFrom(3, 5)),
  expedite: rarely(fc.record({ shortens: fc.boolean() })),
  pullRequest: rarely(
    fc.constantFrom(
      { open: 'on-detection' as const },
      { merge: 'by-button' as const },
      { merge: 'in-github' as const },
    ),
  ),
});
export type Rules = typeof rules extends fc.Arbitrary<infer T> ? T : never;

function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

const cluster = fc.record({
  // Two repositories are rare in life; here they are not, because half a merge is where it gets hard.
  repositories: fc.oneof(
    { weight: 5, arbitrary: fc.constant(repositories.slice(0, 1)) },
    { weight: 1, arbitrary: fc.constant(repositories) },
  ),
  proven: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
});

const environment = fc.record({
  // Half of all environments have none of them: what is rare is met on its own too.
  rules: fc.option(rules, { nil: undefined, freq: 2 }),
  after: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 2 }),
  mode: fc.oneof(
    { weight: 12, arbitrary: fc.constant('merge' as const) },
    { weight: 1, arbitrary: fc.constant('propose' as const) },
    { weight: 1, arbitrary: fc.constant('observe' as const) },
  ),
  count: fc.oneof(
    { weight: 3, arbitrary: fc.constant(1) },
    { weight: 2, arbitrary: fc.constant(2) },
    { weight: 1, arbitrary: fc.constant(3) },
  ),
  waves: fc.array(fc.array(cluster, { minLength: 1, maxLength: 2 }), {
    minLength: 1,
    maxLength: 3,
  }),
});

/** One to three environments, each after some of those before it: a chain, side by side, or a diamond. */
export const fleet: fc.Arbitrary<FleetSpec> = fc
  .record({
    environments: fc.array(environment, { minLength: 1, maxLength: 3 }),
    requester: fc.option(fc.constantFrom(...people), { nil: undefined, freq: 6 }),
    analysed: fc.boolean(),
    risk: fc.constantFrom('low' as const, 'low' as const, 'medium' as const, 'high' as const),
    urgent: fc.boolean(),
  })
  .map(({ environments, requester, analysed, risk, urgent }) => ({
    analysed,
    risk,
    urgent,
    ...(requester === undefined ? {} : { requester }),
    environments: environments.map(({ after, mode, count, waves, rules: more }, index) => ({
      // An earlier one is named in six throws of ten.
      policy: policyOf(
        `e${index}`,
        [...Array(index).keys()].filter((one) => (after[one] ?? 0) < 6).map((one) => `e${one}`),
        mode,
        count,
        more,
      ),
      waves: waves.map((clusters, wave) =>
        clusters.map((one, number) => ({ ...one, name: `e${index}-w${wave}-c${number}` })),
      ),
    })),
  }));

function policyOf(
  name: string,
  after: readonly string[],
  mode: EnvironmentPolicy['mode'],
  count: number,
  more: Rules | undefined,
): EnvironmentPolicy {
  const sets = teams.map((team) => ({ name: team, users: [...people], groups: [], count: 1 }));
  const window = more?.window;
  const freeze = more?.freeze;
  const inGitHub = more?.pullRequest?.merge === 'in-github' && mode === 'merge';
  return {
    name,
    after: [...after],
    mode,
    approval: {
      users: [...people],
      groups: [],
      count: more?.sets === true ? sets.length : count,
      ...(more?.sets === true ? { sets } : {}),
      // Where GitHub decides, the policy says nothing of approvals.
      ...(more?.automatic === undefined || inGitHub ? {} : { automatic: more.automatic }),
    },
    ...(more?.protected === true ? { protected: true } : {}),
    // Where people merge anyway, nothing else can be said.
    ...(more?.pullRequest === undefined || mode !== 'merge'
      ? {}
      : { pullRequest: more.pullRequest }),
    ...(more?.minimumAgeMs === undefined ? {} : { minimumAgeMs: more.minimumAgeMs }),
    ...(more?.validForMs === undefined ? {} : { validForMs: more.validForMs }),
    ...(more?.atLeastNodes === undefined ? {} : { soakAtLeast: { nodes: more.atLeastNodes } }),
    ...(window === undefined
      ? {}
      : {
          window: {
            cron: `0 ${window.opens} * * *`,
            durationMs: window.hours * hour,
            timeZone: 'UTC',
            ...(window.onEnd === undefined ? {} : { onEnd: window.onEnd }),
          },
        }),
    ...(freeze === undefined ? {} : { freezes: [freezeOf(freeze.from, freeze.days)] }),
    ...(more?.expedite === undefined
      ? {}
      : {
          expedite: {
            users: [...people],
            groups: [],
            count: 2,
            ...(more.expedite.shortens ? { minimumAgeMs: 0, soakMs: 0 } : {}),
          },
        }),
    recovery: { users: [...people], groups: [], count: 1 },
    waves: ['rest'],
    soakMs: minute,
    stableForMs: minute,
    expiresMs: 7 * day,
    stallAfterMs: 30 * minute,
  };
}

/** A freeze over some days of November 2026. */
export function freezeOf(from: number, days: number) {
  const dayOf = (date: number) => `2026-11-${String(date).padStart(2, '0')}`;
  return { from: dayOf(from), to: dayOf(from + days - 1), timeZone: 'UTC', reason: 'peak sales' };
}
