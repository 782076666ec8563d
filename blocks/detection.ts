import type { PassedOver } from '../src/images/offer.ts';
import { whyPassedOver } from '../src/images/passed-over.ts';
import { clamp, escapeMrkdwn } from '../src/shared/text.ts';
import type { Message } from './block-kit.ts';
import { message, section } from './block-kit.ts';
import { count } from './phrases.ts';
import { localTime } from './times.ts';

/** What a look for new releases found. */
export type DetectionSummary = {
  readonly trains: readonly TrainSummary[];
  readonly recalled: readonly { readonly release: string; readonly detail: string }[];
  readonly pins: number;
  readonly problems: readonly {
    readonly repository: string;
    readonly path: string;
    readonly reason: string;
  }[];
};

type TrainSummary = {
  readonly train: string;
  readonly offer:
    | { readonly kind: 'offer'; readonly release: string }
    | {
        readonly kind: 'none';
        readonly reason: string;
        readonly eligibleAt?: number;
        readonly passedOver: readonly (PassedOver & { readonly release: string })[];
      };
  readonly rollout?: string;
  readonly opened: boolean;
  readonly waits?: string;
  readonly behind: number;
};

/** Why somebody got no look: each costs many calls, so it is for people of this workspace only. */
export function noCheckMessage(why: 'guest-or-bot' | 'unknown'): Message {
  const text =
    why === 'unknown'
      ? 'I could not confirm who you are (Slack did not answer). Nothing was checked; please try again.'
      : "Guests, apps and people of other workspaces can't start a check. It is done by itself all day.";
  return message(text, [section(text)]);
}

/** Lines that fit a message; the log has all of them. */
const mostProblems = 5;
const mostTrains = 8;

export function detectionMessage(found: DetectionSummary): Message {
  const { pins, trains, recalled } = found;
  const bullet = (text: string) => `• ${escapeMrkdwn(clamp(text, 300))}`;
  const problems = found.problems
    .slice(0, mostProblems)
    .map(({ repository, path, reason }) => bullet(`${repository} ${path}: ${reason}`));
  const more = found.problems.length - problems.length;
  const sentences = trains.slice(0, mostTrains).map(sentence);
  const text = [
    `Checked ${count(pins, 'pin')}: ${sentences.length === 1 ? sentences[0] : `${listOfTrains(trains)}.`}`,
    ...(sentences.length > 1 ? sentences.map((one) => `• ${one}`) : []),
    ...recalled
      .slice(-3)
      .map(({ release, detail }) => bullet(`${release} was taken back: ${detail}`)),
    ...problems,
    ...(more > 0 ? [`and ${count(more, 'more problem')}`] : []),
  ].join('\n');
  return message(text, [section(text)]);
}

function listOfTrains(trains: readonly TrainSummary[]): string {
  return trains.length === 0 ? 'none names a release that is looked for' : named(trains);
}

function named(trains: readonly TrainSummary[]): string {
  return trains.map(({ train }) => escapeMrkdwn(train)).join(', ');
}

function sentence({ train, offer, rollout, opened, waits, behind }: TrainSummary): string {
  if (offer.kind === 'none') {
    const when =
      offer.eligibleAt === undefined ? '' : ` One becomes eligible ${localTime(offer.eligibleAt)}.`;
    const [newest] = offer.passedOver;
    const why =
      newest === undefined
        ? ''
        : ` ${escapeMrkdwn(clamp(`${newest.release}: ${whyPassedOver(newest)}`, 500))}.`;
    const state =
      offer.reason === 'up-to-date' ? 'all are current' : offer.reason.replaceAll('-', ' ');
    const silence = waits === undefined ? '' : `: ${escapeMrkdwn(clamp(waits, 300))}`;
    return `${escapeMrkdwn(train)}: ${state}${silence}.${when}${why}`;
  }
  const release = escapeMrkdwn(offer.release);
  if (opened) return `${release} is new for ${behind} of them. Rollout \`${rollout}\` is open.`;
  if (rollout !== undefined) return `${release} is offered already, as \`${rollout}\`.`;
  return `${release} is not offered, because ${escapeMrkdwn(waits ?? 'nothing is behind')}.`;
}
