import type { Person } from '../config/people.ts';
import type { People } from '../workflow/ports/people.ts';

/**
 * Who may stop while Slack does not answer: whoever the rule names by user id, and members the configuration vouches for.
 * What Slack does say always stands: somebody who was deactivated, or left the group, is let through by nothing.
 */
export function peopleWithoutSlack(people: People, known: readonly Person[]): People {
  return {
    ...people,
    async authority(person, rule) {
      const said = await people.authority(person, rule);
      if (said !== 'unknown') return said;
      if (rule.users.includes(person)) return 'yes';
      const groups = known.find(({ slack }) => slack === person)?.withoutSlack ?? [];
      return rule.groups.some((group) => groups.includes(group)) ? 'yes' : 'unknown';
    },
  };
}

/** People of whom nothing is known: Slack cannot even say who we are there. */
export const unknownPeople: People = {
  async authority() {
    return 'unknown';
  },
  async members() {
    return [];
  },
  async names(ids) {
    return new Map(ids.map((id) => [id, id]));
  },
  async utcOffsetMs() {
    return 0;
  },
};
