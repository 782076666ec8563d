import fc from 'fast-check';
import type { EnvironmentPolicy } from '../../../src/rollout/policy.ts';
import { RepositoryName, SlackUserId } from '../../../src/shared/ids.ts';
import { day, minute } from '../../../src/shared/time.ts';

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
  /** Whether an analysis ever comes. */
  readonly analysed: boolean;
};

const cluster = fc.record({
  // Two repositories are rare in life; here they are not, because half a merge is where it gets hard.
  repositories: fc.oneof(
    { weight: 5, arbitrary: fc.constant(repositories.slice(0, 1)) },
    { weight: 1, arbitrary: fc.constant(repositories) },
  ),
  proven: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
});

const environment = fc.record({
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
  })
  .map(({ environments, requester, analysed }) => ({
    analysed,
    ...(requester === undefined ? {} : { requester }),
    environments: environments.map(({ after, mode, count, waves }, index) => ({
      // An earlier one is named in six throws of ten.
      policy: policyOf(
        `e${index}`,
        [...Array(index).keys()].filter((one) => (after[one] ?? 0) < 6).map((one) => `e${one}`),
        mode,
        count,
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
): EnvironmentPolicy {
  return {
    name,
    after: [...after],
    mode,
    approval: { users: [...people], groups: [], count },
    recovery: { users: [...people], groups: [], count: 1 },
    waves: ['rest'],
    soakMs: minute,
    stableForMs: minute,
    expiresMs: 7 * day,
    stallAfterMs: 30 * minute,
  };
}
