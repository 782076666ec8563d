import type { ApprovalRule } from '../rollout/policy.ts';
import type { SlackUserId } from '../shared/ids.ts';
import type { People } from './ports/people.ts';

/**
 * Sets of a rule that somebody is in now, by their place; `undefined` where the rule has none. A set about which Slack
 * cannot say anything is one they are not in, so that nobody is let through on a guess; `sure` is then false.
 */
export async function setsOf(
  people: Pick<People, 'authority'>,
  person: SlackUserId,
  { sets }: ApprovalRule,
): Promise<{ readonly sets: readonly number[]; readonly sure: boolean } | undefined> {
  if (sets === undefined) return undefined;
  const answers = await Promise.all(sets.map((set) => people.authority(person, set)));
  return {
    sets: answers.flatMap((may, index) => (may === 'yes' ? [index] : [])),
    sure: !answers.includes('unknown'),
  };
}
