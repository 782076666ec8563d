import { clamp, escapeMrkdwn } from '../src/shared/text.ts';
import type { Message } from './block-kit.ts';
import { message, section } from './block-kit.ts';
import { count } from './phrases.ts';
import { localTime } from './times.ts';

/** What a look for new releases found. */
export type DetectionSummary = {
  readonly offer:
    | { readonly kind: 'offer'; readonly release: string }
    | { readonly kind: 'none'; readonly reason: string; readonly eligibleAt?: number };
  readonly rollout?: string;
  readonly opened: boolean;
  readonly waits?: string;
  readonly pins: number;
  readonly behind: number;
  readonly problems: readonly {
    readonly repository: string;
    readonly path: string;
    readonly reason: string;
  }[];
};

export function detectionMessage(found: DetectionSummary): Message {
  const problems = found.problems
    .slice(0, 5)
    .map(
      ({ repository, path, reason }) =>
        `• ${escapeMrkdwn(clamp(`${repository} ${path}: ${reason}`, 300))}`,
    );
  const text = [sentence(found), ...problems].join('\n');
  return message(text, [section(text)]);
}

function sentence({ offer, rollout, opened, waits, pins, behind }: DetectionSummary): string {
  if (offer.kind === 'none') {
    const when =
      offer.eligibleAt === undefined ? '' : ` One becomes eligible ${localTime(offer.eligibleAt)}.`;
    return `Checked ${count(pins, 'pin')}: ${offer.reason === 'up-to-date' ? 'all are current' : offer.reason.replaceAll('-', ' ')}.${when}`;
  }
  const release = escapeMrkdwn(offer.release);
  if (opened)
    return `Checked ${count(pins, 'pin')}: ${release} is new for ${behind} of them. Rollout \`${rollout}\` is open.`;
  if (rollout !== undefined)
    return `Checked ${count(pins, 'pin')}: ${release} is offered already, as \`${rollout}\`.`;
  return `Checked ${count(pins, 'pin')}: ${release} is not offered, because ${escapeMrkdwn(waits ?? 'nothing is behind')}.`;
}
