import type { KnownBlock } from '@slack/types';
import type { Rollout } from '../src/rollout/rollout.ts';
import { clamp, escapeMrkdwn } from '../src/shared/text.ts';
import { section } from './block-kit.ts';
import { count, listed } from './phrases.ts';

/** Rows that fit one section; a fleet over more regions and minors is counted. */
const mostRows = 20;

/** What the card says of pins that do not move; empty when all do. */
export function leftAloneText({ view }: Rollout): string {
  const pins = (view?.leftAlone.length ?? 0) + (view?.moreLeftAlone ?? 0);
  return pins === 0 ? '' : `, ${count(pins, 'pin')} left alone (Details)`;
}

/** What the card says of files that several environments read; empty when none is. */
export function sharedText({ view }: Rollout): string {
  const shared = view?.shared ?? [];
  const names = [...new Set(shared.flatMap(({ environments }) => environments))];
  const found = shared.some(({ because }) => because !== undefined) ? ' (as Argo CD says)' : '';
  return shared.length === 0
    ? ''
    : `, ${count(shared.length, 'file')} shared by ${listed(names)}${found}: moved with the last, under all their policies`;
}

/** Which images the release has, what newer ones lack, and which pins stay: as the look saw it that opened the rollout. */
export function imageSections({ view }: Rollout): KnownBlock[] {
  if (view === undefined) return [];
  const texts = [
    lines('Images that the pins need, by region and Kubernetes minor', [
      ...view.matrix
        .slice(0, mostRows)
        .map(({ region, kubernetes, has }) => `${region} ${kubernetes}: ${has.join(', ')}`),
      ...more(Math.max(0, view.matrix.length - mostRows) + (view.moreRows ?? 0), 'more row'),
    ]),
    lines(
      'Newer, and not offered',
      view.passedOver.map(({ release, why }) => `${release}: ${why}`),
    ),
    lines(
      'Files that several environments read, moved with the last under all their policies',
      (view.shared ?? []).map(
        ({ path, environments, because }) =>
          `${path}: ${environments.join(', ')}${because === undefined ? '' : ` (${because}; the configuration does not say so)`}`,
      ),
    ),
    lines('Pins left alone', [
      ...view.leftAlone.map(({ repository, path, reason }) => `${repository} ${path}: ${reason}`),
      ...more(view.moreLeftAlone ?? 0, 'more pin'),
    ]),
  ];
  return texts.filter((text) => text !== '').map((text) => section(text));
}

function lines(title: string, rows: readonly string[]): string {
  return rows.length === 0
    ? ''
    : [`*${title}*`, ...rows.map((row) => `• ${escapeMrkdwn(clamp(row, 300))}`)].join('\n');
}

function more(rest: number, what: string): string[] {
  return rest === 0 ? [] : [`and ${count(rest, what)}`];
}
