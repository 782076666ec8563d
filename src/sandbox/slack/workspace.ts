/** A member of the workspace, or a stranger who shares a channel with it (another `teamId`). */
export type SlackPerson = {
  readonly id: string;
  /** Handle, such as `ann`. */
  readonly name: string;
  /** Full name, such as `Ann Lee`. */
  readonly realName: string;
  /** What they chose to be called; most choose nothing. */
  readonly displayName?: string;
  /** Absent: of this workspace. */
  readonly teamId?: string;
  readonly isBot?: boolean;
  /** A guest of several channels. */
  readonly isRestricted?: boolean;
  /** A guest of one channel. */
  readonly isUltraRestricted?: boolean;
  readonly deleted?: boolean;
  /** IANA name; `Etc/UTC` when absent. */
  readonly tz?: string;
  /** `en-US` when absent. */
  readonly locale?: string;
};

export type SlackGroup = {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
  readonly disabled?: boolean;
};

export type SlackChannel = {
  readonly id: string;
  readonly name: string;
  /** Ids of people; our bot (`standInApp.botUserId`) must be listed to post there. */
  readonly members: readonly string[];
  readonly isPrivate?: boolean;
  readonly isArchived?: boolean;
  /** Present on a direct message: the person it is with. */
  readonly user?: string;
};

/** Ids of the app and workspace that the stand-in plays. */
export const standInApp = {
  appId: 'A0AMIABLE',
  botId: 'B0AMIABLE',
  botUserId: 'U0AMIABLE',
  botName: 'amiable',
  teamId: 'T0SANDBOX',
  teamDomain: 'sandbox',
} as const;

export type Workspace = ReturnType<typeof createWorkspace>;

/** People, groups and channels as they stand; everything may be changed while it runs. */
export function createWorkspace(
  start: {
    readonly users: readonly SlackPerson[];
    readonly usergroups: readonly SlackGroup[];
    readonly channels: readonly SlackChannel[];
  },
  changed: () => void,
) {
  const bot: SlackPerson = {
    id: standInApp.botUserId,
    name: standInApp.botName,
    realName: 'Amiable',
    isBot: true,
  };
  const people = new Map([...start.users, bot].map((one) => [one.id, one]));
  const groups = new Map(start.usergroups.map((one) => [one.id, one]));
  const channels = new Map(start.channels.map((one) => [one.id, one]));

  const put =
    <T extends { readonly id: string }>(shelf: Map<string, T>) =>
    (one: T) => {
      shelf.set(one.id, one);
      changed();
    };

  return {
    person: (id: string) => people.get(id),
    people: () => [...people.values()],
    setPerson: put(people),
    group: (id: string) => groups.get(id),
    groups: () => [...groups.values()],
    setGroup: put(groups),
    channel: (id: string) => channels.get(id),
    channels: () => [...channels.values()],
    setChannel: put(channels),

    /** The direct message of our app with a person, made when first asked for; `undefined` where Slack allows none. */
    directMessage(user: string): SlackChannel | undefined {
      const person = people.get(user);
      if (person === undefined || person.deleted === true || person.isBot === true)
        return undefined;
      const known = channels.get(directMessageId(user));
      if (known !== undefined) return known;
      const made = {
        id: directMessageId(user),
        name: `directmessage-${user}`,
        members: [user, standInApp.botUserId],
        user,
      };
      put(channels)(made);
      return made;
    },

    /** Whether a person sees what is posted in a channel; guests and strangers only where they are members. */
    sees(user: string, channel: SlackChannel): boolean {
      const person = people.get(user);
      if (person === undefined || person.deleted === true) return false;
      if (channel.members.includes(user)) return true;
      return channel.isPrivate !== true && channel.user === undefined && isRegular(person);
    },
  };
}

function directMessageId(user: string): string {
  return `D${user.slice(1)}`;
}

function isRegular(person: SlackPerson): boolean {
  return (
    person.isRestricted !== true &&
    person.isUltraRestricted !== true &&
    (person.teamId ?? standInApp.teamId) === standInApp.teamId
  );
}
