import type { DecisionRule } from '../rollout/policy.ts';
import type { Grant } from '../rollout/rollout.ts';
import type { SlackGroupId, SlackUserId } from '../shared/ids.ts';
import type { People } from './ports/people.ts';
import type { World } from './world.ts';

/** Groups of a rule that somebody is in now and that are looked at at the click only: on record with the approval. */
export async function groupsAtClick(
  { fleet, people }: Pick<World, 'fleet' | 'people'>,
  person: SlackUserId,
  { groups }: DecisionRule,
): Promise<readonly SlackGroupId[]> {
  const asked = groups.filter((group) => fleet.atClickGroups?.includes(group) === true);
  const answers = await Promise.all(
    asked.map((group) => people.authority(person, { users: [], groups: [group], count: 1 })),
  );
  return asked.filter((_, index) => answers[index] === 'yes');
}

/**
 * People as a merge looks at them: who left a group that is looked at at the click only counts as a member still. An
 * account that is a guest's, a bot's or nobody's counts for nothing, and where Slack cannot say nobody is let through.
 */
export function asAtTheClick(
  { fleet, people }: Pick<World, 'fleet' | 'people'>,
  grants: readonly Grant[],
): Pick<People, 'authority'> {
  return {
    async authority(person, rule) {
      const said = await people.authority(person, rule);
      if (said !== 'no') return said;
      const held = grants.find(({ by }) => by === person)?.atClick ?? [];
      // The configuration of now decides: a group that became at-merge is looked at at the merge.
      const counts = held.some(
        (group) => rule.groups.includes(group) && fleet.atClickGroups?.includes(group) === true,
      );
      return counts ? 'yes' : 'no';
    },
  };
}
