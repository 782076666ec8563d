import type { DecisionRule } from '../../rollout/policy.ts';
import type { Authority } from '../../rollout/refusal.ts';
import type { SlackGroupId, SlackUserId } from '../../shared/ids.ts';

/** What the directory knows of a person. */
export type Person = {
  readonly id: string;
  readonly name: string;
  readonly isBot: boolean;
  readonly isGuest: boolean;
  readonly deleted: boolean;
  /** Of another workspace (Slack Connect). */
  readonly isStranger: boolean;
  /** Offset from UTC in seconds, as Slack gives it. */
  readonly tzOffset?: number;
};

/** @throws DirectoryUnavailableError when Slack cannot say. */
export type Directory = {
  person(id: SlackUserId): Promise<Person>;
  groupMembers(id: SlackGroupId): Promise<readonly string[]>;
};

/** Who may decide, from Slack's answers; whatever cannot be found out counts as *no*. */
export function createPeople(directory: Directory) {
  const membersOf = async ({ users, groups }: DecisionRule): Promise<readonly string[]> => {
    const ofGroups = await Promise.all(groups.map((group) => directory.groupMembers(group)));
    return [...new Set<string>([...users, ...ofGroups.flat()])];
  };

  const authority = async (person: SlackUserId, rule: DecisionRule): Promise<Authority> => {
    try {
      const who = await directory.person(person);
      // Lists go stale: an account that became a guest, a bot or nobody never counts, even if it is still listed.
      if (!counts(who)) return 'guest-or-bot';
      if (rule.users.includes(person)) return 'yes';
      return (await membersOf(rule)).includes(person) ? 'yes' : 'no';
    } catch {
      return 'unknown';
    }
  };

  return {
    authority,
    /** Everybody the rule lets decide; empty when Slack cannot say. */
    async members(rule: DecisionRule): Promise<readonly SlackUserId[]> {
      try {
        const ids = (await membersOf(rule)) as readonly SlackUserId[];
        const known = await Promise.all(ids.map((id) => directory.person(id)));
        return ids.filter((_, i) => {
          const who = known[i];
          return who !== undefined && counts(who);
        });
      } catch {
        return [];
      }
    },
    /** Names to show; an id stands for itself where Slack cannot say. */
    async names(people: readonly SlackUserId[]): Promise<ReadonlyMap<string, string>> {
      const found = await Promise.all(
        people.map(async (id) => {
          try {
            return [id, (await directory.person(id)).name] as const;
          } catch {
            return [id, id] as const;
          }
        }),
      );
      return new Map(found);
    },
    /** Offset from UTC in ms; 0 when Slack cannot say. */
    async utcOffsetMs(person: SlackUserId): Promise<number> {
      try {
        return ((await directory.person(person)).tzOffset ?? 0) * 1000;
      } catch {
        return 0;
      }
    },
  };
}

function counts({ isBot, isGuest, deleted, isStranger }: Person): boolean {
  return !isBot && !isGuest && !deleted && !isStranger;
}
