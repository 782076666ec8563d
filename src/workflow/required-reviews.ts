import { mergesInGitHub, peopleMerge } from '../rollout/pull-request-rule.ts';
import type { Fleet } from './fleet.ts';
import type { RequiredReviews } from './ports/git-host.ts';
import type { World } from './world.ts';

/**
 * What a team has to know of the reviews that GitHub asks for on a branch, in a sentence: that people are asked twice, or
 * that nobody is asked; `undefined`: nothing of that.
 */
export function reviewsText(
  { policies }: Pick<Fleet, 'policies'>,
  { count, by, notChecked }: RequiredReviews,
): string | undefined {
  const unknown = notChecked.map(({ what, why }) => `${what} not checked (${why})`).join('; ');
  const twice = policies.filter((policy) => policy.mode === 'merge' && !peopleMerge(policy));
  const alone = policies.filter(mergesInGitHub);
  const said =
    count > 0 && twice.length > 0
      ? `${by.join(' and ')} ${by.length > 1 ? 'ask' : 'asks'} for ${count}, so people are asked twice, in Slack and on GitHub; with pullRequest: {open: on-detection, merge: in-github} instead of approval in ${namesOf(twice)} they are asked once, there`
      : count === 0 && notChecked.length === 0 && alone.length > 0
        ? `no rule asks for any, so in ${namesOf(alone)}, where merging on GitHub is the approval, whoever may merge there decides alone`
        : '';
  const all = [said, unknown].filter((text) => text !== '');
  return all.length === 0 ? undefined : all.join('; ');
}

function namesOf(policies: Fleet['policies']): string {
  return policies.map(({ name }) => name).join(', ');
}

/** Says it once in the log, when the service starts; what GitHub does not answer is said too. */
export async function logRequiredReviews({
  fleet,
  github,
  log,
}: Pick<World, 'fleet' | 'github' | 'log'>): Promise<void> {
  for (const { repository, branch } of fleet.repositories) {
    try {
      const what = reviewsText(fleet, await github.requiredReviews(repository, branch));
      if (what !== undefined) log.warn({ repository, branch, what }, 'reviews on GitHub');
    } catch (cause) {
      log.warn({ repository, branch, cause }, 'reviews that GitHub asks for: not checked');
    }
  }
}
