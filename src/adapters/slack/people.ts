import type { DecisionRule } from '../../rollout/policy.ts';
import type { Authority } from '../../rollout/refusal.ts';
import type { SlackGroupId, SlackUserId } from '../../shared/ids.ts';
import type { Clock, Instant } from '../../shared/time.ts';
import { hour, minute } from '../../shared/time.ts';
import type { Log } from './sdk-logger.ts';

/** How long somebody is shown as they were before Slack is asked about them again. */
const shownForMs = 12 * hour;

/** What the directory knows of a person. */
export type Person = {
  readonly id: string;
  readonly name: string;
  readonly isBot: boolean;
  readonly isGuest: boolean;
  readonly deleted: boolean;
  /** Of another workspace (Slack Connect). */
  readonly isStranger: boolean;
  /** IANA name of their time zone. */
  readonly tz: string;
};

/** @throws DirectoryUnavailableError when Slack cannot say. */
export type Directory = {
  person(id: SlackUserId): Promise<Person>;
  groupMembers(id: SlackGroupId): Promise<readonly string[]>;
};

/**
 * Who may decide, from Slack's answers; whatever cannot be found out counts as *no*, and is logged with its cause: the
 * person is only told that Slack did not say, and a missing scope looks like an outage to them.
 */
export function createPeople(directory: Directory, clock: Clock, log: Pick<Log, 'warn'>) {
  const shown = new Map<SlackUserId, { readonly person: Person; readonly until: Instant }>();

  /** Somebody to show: kept for hours, as it decides nothing. */
  const toShow = async (id: SlackUserId): Promise<Person> => {
    const known = shown.get(id);
    if (known !== undefined && clock.now() < known.until) return known.person;
    const person = await directory.person(id);
    shown.set(id, { person, until: clock.now() + shownForMs });
    return person;
  };

  const nameOf = async (id: SlackUserId): Promise<string> => {
    try {
      return (await toShow(id)).name;
    } catch {
      // Without a word in the log: names are asked for with every look, and decide nothing.
      return shown.get(id)?.person.name ?? id;
    }
  };

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
      // One group after the other: most people are in the first.
      for (const group of rule.groups) {
        if ((await directory.groupMembers(group)).includes(person)) return 'yes';
      }
      return 'no';
    } catch (cause) {
      log.warn({ person, cause }, 'not known who may decide');
      return 'unknown';
    }
  };

  return {
    authority,
    /** Everybody the rule lets decide, to be shown; empty when Slack cannot say. */
    async members(rule: DecisionRule): Promise<readonly SlackUserId[]> {
      try {
        const ids = (await membersOf(rule)) as readonly SlackUserId[];
        const known = await Promise.all(ids.map(toShow));
        return ids.filter((_, i) => {
          const who = known[i];
          return who !== undefined && counts(who);
        });
      } catch (cause) {
        log.warn({ cause }, 'not known who could decide');
        return [];
      }
    },
    /** Names to show; an id stands for itself where Slack cannot say. */
    async names(people: readonly SlackUserId[]): Promise<ReadonlyMap<string, string>> {
      const found = await Promise.all(people.map(async (id) => [id, await nameOf(id)] as const));
      return new Map(found);
    },
    /** Offset from UTC in ms; 0 when Slack cannot say. */
    async utcOffsetMs(person: SlackUserId): Promise<number> {
      try {
        return offsetOf((await directory.person(person)).tz, clock.now());
      } catch {
        return 0;
      }
    },
  };
}

function counts({ isBot, isGuest, deleted, isStranger }: Person): boolean {
  return !isBot && !isGuest && !deleted && !isStranger;
}

/** A zone's offset from UTC at a time, in ms: what its clocks show, less what UTC's show. */
function offsetOf(timeZone: string, at: Instant): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
  );
  return shown - Math.floor(at / minute) * minute;
}
