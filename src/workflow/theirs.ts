import type { EnvironmentPolicy } from '../rollout/policy.ts';
import { mergesInGitHub } from '../rollout/pull-request-rule.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { Fleet } from './fleet.ts';
import type { Watched } from './watched-pins.ts';
import { pinLabel } from './watched-pins.ts';

/** What a rollout is about where it decides about somebody else's pull request; absent: it is one of ours. */
type Of = Pick<Rollout, 'theirs'>;

/**
 * The fleet as it counts for somebody else's pull request: it is there already, people merge it, and who opened it chose
 * the moment, so ages and turns do not hold it. Approvals, waves, windows and freezes do.
 */
export function fleetFor<F extends Pick<Fleet, 'policies'>>({ theirs }: Of, fleet: F): F {
  if (theirs === undefined) return fleet;
  return { ...fleet, policies: fleet.policies.map(asTheirs) };
}

function asTheirs({
  minimumAgeMs: _,
  cadence: __,
  ...policy
}: EnvironmentPolicy): EnvironmentPolicy {
  if (policy.mode === 'observe' || mergesInGitHub(policy)) return policy;
  return { ...policy, mode: 'propose', pullRequest: { open: 'on-detection' } };
}

/** Only the pins that the pull request moves; all of them for one of ours. */
export function pinsFor({ theirs }: Of, watched: Watched): Watched {
  if (theirs === undefined) return watched;
  const pins = watched.pins.filter(
    ({ repository, path, pin }) =>
      repository === theirs.repository &&
      theirs.pins.some((one) => one.path === path && one.object === pinLabel(pin)),
  );
  return { ...watched, pins };
}
