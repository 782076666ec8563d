import type { Events } from '../delivery/events.ts';
import type { Transport } from '../delivery/transport.ts';
import type { SlackWorld } from '../methods/method.ts';
import type { ResponseUrls } from '../response-urls.ts';
import type { SlackView } from '../views.ts';
import { type SlackPerson, standInApp } from '../workspace.ts';

/** What people's Slack clients work with. */
export type Client = {
  readonly world: SlackWorld;
  readonly transport: Transport;
  readonly events: Events;
  readonly responseUrls: ResponseUrls;
  /** Slash commands the app has. */
  readonly commands: readonly string[];
};

/** What came of something a person did. */
export type Outcome = {
  readonly ok: boolean;
  /** The app acknowledged within three seconds; without it the person sees a warning. */
  readonly ack: boolean;
  /** The modal that opened in reply, or what became of the submitted one. */
  readonly view?: SlackView;
  /** Why it could not be done, or how it failed. */
  readonly error?: string;
  /** What stands under the fields of a modal that was not accepted, by `block_id`. */
  readonly errors?: Readonly<Record<string, string>>;
};

/** Slack's client does not offer this. Nothing was sent. */
export function impossible(error: string): Outcome {
  return { ok: false, ack: false, error };
}

/** Somebody who can sign in. Bots and deactivated accounts press no buttons. */
export function signedIn({ world }: Client, user: string): SlackPerson | undefined {
  const person = world.workspace.person(user);
  return person === undefined || person.deleted === true || person.isBot === true
    ? undefined
    : person;
}

/** Members that every payload carries. */
export function envelope(person: SlackPerson) {
  const team = person.teamId ?? standInApp.teamId;
  return {
    user: { id: person.id, username: person.name, name: person.name, team_id: team },
    api_app_id: standInApp.appId,
    token: 'sandbox',
    team: { id: standInApp.teamId, domain: standInApp.teamDomain },
    enterprise: null,
    is_enterprise_install: false,
  };
}
