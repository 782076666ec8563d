import type { DecisionRule } from '../rollout/policy.ts';
import type { People } from '../workflow/ports/people.ts';

/**
 * Why a rule could not be met by anybody now, in words; `undefined` when enough people count. Each id is asked for by
 * itself: one that Slack does not know would hide all the others.
 */
export async function whyTooFew(
  people: Pick<People, 'members'>,
  { users, groups, count }: DecisionRule,
): Promise<string | undefined> {
  const asked = [
    ...groups.map((id) => ({ id, rule: { users: [], groups: [id], count: 1 } })),
    ...users.map((id) => ({ id, rule: { users: [id], groups: [], count: 1 } })),
  ];
  const answers = await Promise.all(
    asked.map(async ({ id, rule }) => ({ id, members: await people.members(rule) })),
  );
  const empty = answers.filter(({ members }) => members.length === 0).map(({ id }) => id);
  if (empty.length > 0) {
    const scopes = 'check the ids, and the scopes users:read and usergroups:read';
    return `nobody who counts is found for ${empty.join(', ')}: ${scopes}`;
  }
  const { size } = new Set(answers.flatMap(({ members }) => members));
  return size < count ? `${size} people count, ${count} are needed` : undefined;
}
