import { jointPolicy } from './joint-policy.ts';
import type { EnvironmentPolicy } from './policy.ts';

/**
 * The policies where groups of environments share files: what several read moves with the last of them, under all their
 * policies.
 * @param policies as written, in promotion order.
 */
export function jointPolicies(
  policies: readonly EnvironmentPolicy[],
  groups: readonly (readonly string[])[],
): EnvironmentPolicy[] {
  return policies.map((policy, i) => {
    const mine = groups.filter(
      (group) => policies.findLastIndex(({ name }) => group.includes(name)) === i,
    );
    const others = policies.filter(
      ({ name }) => name !== policy.name && mine.some((group) => group.includes(name)),
    );
    return others.length === 0 ? policy : jointPolicy(policy, others);
  });
}
