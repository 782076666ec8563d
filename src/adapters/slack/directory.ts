import type { WebClient } from '@slack/web-api';
import type { SlackGroupId, SlackUserId } from '../../shared/ids.ts';
import { type Clock, minute, second } from '../../shared/time.ts';
import { DirectoryUnavailableError } from './directory-unavailable-error.ts';

/** The longest an answer is believed: whoever leaves a group decides nothing a minute later. */
const longestCacheMs = minute;
/** Real time for one question, the client's own repeats and waits included. */
const answerWithinMs = 15 * second;

/** Somebody, as Slack describes them. */
export type DirectoryPerson = {
  readonly id: string;
  /** The shown name, else the full name, else the handle. */
  readonly name: string;
  readonly isBot: boolean;
  /** A guest of one or several channels. */
  readonly isGuest: boolean;
  readonly deleted: boolean;
  readonly teamId: string;
  /** Of another workspace (Slack Connect). */
  readonly isStranger: boolean;
  /** IANA name; `Etc/UTC` where Slack says none. */
  readonly tz: string;
};

/**
 * People and groups, asked of Slack and believed for at most a minute.
 * @throws DirectoryUnavailableError whenever Slack gives no clear answer, an unknown person or group included.
 */
export function createDirectory({
  client,
  clock,
  teamId,
  cacheMs = longestCacheMs,
}: {
  readonly client: WebClient;
  readonly clock: Clock;
  /** Our workspace. */
  readonly teamId: string;
  /** At most 60,000. */
  readonly cacheMs?: number;
}) {
  if (!(cacheMs >= 0 && cacheMs <= longestCacheMs))
    throw new RangeError(`cacheMs must be from 0 to ${longestCacheMs}`);
  const people = createCache<DirectoryPerson>(clock, cacheMs);
  const groups = createCache<readonly string[]>(clock, cacheMs);

  return {
    person: (id: SlackUserId): Promise<DirectoryPerson> =>
      people.get(id, () =>
        asking(`users.info ${id}`, async () => {
          const { user } = await client.users.info({ user: id });
          if (user?.id !== id || user.team_id === undefined)
            throw new Error('an answer without the person');
          const { profile } = user;
          return {
            id,
            name: profile?.display_name || user.real_name || user.name || id,
            isBot: user.is_bot === true,
            isGuest: user.is_restricted === true || user.is_ultra_restricted === true,
            deleted: user.deleted === true,
            teamId: user.team_id,
            isStranger:
              user.team_id !== teamId || ('is_stranger' in user && user.is_stranger === true),
            tz: user.tz ?? 'Etc/UTC',
          };
        }),
      ),
    groupMembers: (id: SlackGroupId): Promise<readonly string[]> =>
      groups.get(id, () =>
        // A disabled group is answered as unknown, and so lets nobody decide.
        asking(`usergroups.users.list ${id}`, async () => {
          const { users } = await client.usergroups.users.list({ usergroup: id });
          if (users === undefined) throw new Error('an answer without members');
          return users;
        }),
      ),
    /** Asks anew next time: its members changed. */
    forgetGroup: (id: string): void => groups.forget(id),
  };
}

/** Answers under way count as known, so that a crowd of clicks asks once. Failures are not kept. */
function createCache<T>(clock: Clock, keepMs: number) {
  const known = new Map<string, { readonly answer: Promise<T>; readonly askedAt: number }>();
  return {
    get(key: string, ask: () => Promise<T>): Promise<T> {
      const found = known.get(key);
      if (found !== undefined && clock.now() - found.askedAt < keepMs) return found.answer;
      const asked = { answer: ask(), askedAt: clock.now() };
      known.set(key, asked);
      asked.answer.catch(() => {
        if (known.get(key) === asked) known.delete(key);
      });
      return asked.answer;
    },
    forget: (key: string) => void known.delete(key),
  };
}

/** One question, bounded: the client would wait out a rate limit for as long as Slack says. */
async function asking<T>(asked: string, ask: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), answerWithinMs);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (cause) {
    throw new DirectoryUnavailableError(asked, { cause });
  } finally {
    clearTimeout(timer);
  }
}
