import { isEnded } from '../src/rollout/phases.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { wavesOf } from '../src/rollout/rollout.ts';
import type { Wave } from '../src/rollout/wave.ts';
import { mrkdwnLink } from '../src/shared/link.ts';
import type { Message } from './block-kit.ts';
import { context, section } from './block-kit.ts';
import { blockerLine, withLocalTimes } from './blockers.ts';
import { healthTexts } from './health-texts.ts';
import { clause, count, named } from './phrases.ts';
import { type SyncChoice, syncButtons } from './sync-buttons.ts';
import { localTime } from './times.ts';
import { editSteps } from './without-ticks.ts';

/** What is known of one cluster, and since when it is true. */
export type ClusterLine = {
  readonly cluster: string;
  /** The wave whose nodes were counted, as `environment/wave`: the numbers of one say nothing of another. */
  readonly wave: string;
  readonly replaced: number;
  readonly total: number;
  readonly draining: number;
  readonly launching: number;
  /** What the health of its new nodes was checked by, in a sentence. */
  readonly health?: string;
  /** Nodes it has replaced an hour so far. */
  readonly perHour?: number;
  /** When its last node is replaced, as it looks now. */
  readonly endsAt?: { readonly p50: number; readonly p80: number };
  /** Why nodes wait, a sentence each. */
  readonly blockers?: readonly string[];
  readonly note?: string;
  /** What leaves for other causes than the rollout. */
  readonly churn?: string;
  /** That a control-plane upgrade replaces nodes a second time. */
  readonly upgrade?: string;
  /** The page that the note speaks of. */
  readonly noteUrl?: string;
  /** What somebody may have synced there, and what else is out of sync. */
  readonly sync?: SyncChoice;
  readonly at: number;
  /** Too old to be taken for now: shown with its time. */
  readonly stale?: boolean;
};

/** Lines on blockers that one cluster gets; Details has them all. */
const mostBlockers = 3;

/**
 * The message that is edited while nodes move: counts by cluster, in words. `undefined` when nothing moves.
 * `worth` changes when an edit says something new: another wave, another step of the way, another trouble.
 */
export function liveProgress(
  rollout: Rollout,
  clusters: readonly ClusterLine[],
): (Message & { readonly worth: string }) | undefined {
  const waves = rollout.environments.flatMap(wavesOf);
  const moving = waves.filter(
    ({ phase }) =>
      phase.name === 'syncing' || phase.name === 'replacing' || phase.name === 'soaking',
  );
  const shown =
    moving.length > 0 ? moving : waves.filter(({ phase }) => phase.name === 'complete').slice(-1);
  if (shown.length === 0) return undefined;
  const seenIn = (wave: Wave) =>
    wave.clusters.flatMap((name) => {
      const arrived = wave.phase.name === 'syncing' && wave.phase.synced.includes(name);
      const seen = clusters.find((one) => one.cluster === name && one.wave === keyOf(wave));
      return seen === undefined || arrived ? [] : [seen];
    });
  const numbers = shown.flatMap(seenIn);
  const all = shown.reduce((sum, wave) => sum + wave.clusters.length, 0);
  if (moving.length === 0 && numbers.length < all) return onRecord(shown);
  // After a restart what stands there was true; nothing better is known before the first look.
  if (numbers.length === 0 && !moving.some(({ phase }) => phase.name === 'syncing'))
    return undefined;
  let left = mostBlockers * 2; // a section takes 3,000 characters
  const lines = shown.flatMap((wave) => {
    const known = seenIn(wave);
    return wave.clusters.map((name) => {
      const seen = known.find(({ cluster }) => cluster === name);
      if (seen === undefined) return `*${named(name)}*: ${unseenText(wave, name)}`;
      const waits = (seen.blockers ?? []).slice(0, Math.min(mostBlockers, left));
      left -= waits.length;
      const why = waits.map((one) => `• ${blockerLine(one, 200)}`);
      return [`*${named(name)}*: ${countText(seen)}`, ...why].join('\n');
    });
  });
  const replaced = numbers.reduce((sum, one) => sum + one.replaced, 0);
  const total = numbers.reduce((sum, one) => sum + one.total, 0);
  const summary =
    numbers.length === 0
      ? `${placesText(shown)}: no node is counted yet`
      : `${summaryText(shown, replaced, total)}${numbers.length < all ? ', others not counted yet' : ''}`;
  const seenAt = Math.min(...numbers.map(({ at }) => at));
  // While nodes move, the time says how true the numbers are; once they rest it would only cost edits.
  const resting = shown.every(({ phase }) => isEnded(phase) || phase.name === 'soaking');
  const below =
    numbers.length === 0
      ? []
      : [
          ...(resting ? [] : [`As seen ${localTime(minuteOf(seenAt))}.`]),
          ...(moving.length === 0 ? [] : healthTexts(numbers)),
        ];
  const worth = JSON.stringify([
    shown.map(({ environment, name, recovery, stalled }) => [
      environment,
      name,
      recovery?.to ?? '',
      ...(stalled === undefined ? [] : [stalled.since]),
    ]),
    total === 0 ? 0 : Math.floor((editSteps * replaced) / total),
    numbers.map(({ cluster, note, upgrade, blockers = [], sync }) => [
      cluster,
      note ?? '',
      // consolidation and the like come and go; this explains a count that falls
      ...(upgrade === undefined ? [] : [upgrade]),
      blockers.map(kindOf),
      ...(sync === undefined ? [] : [sync.others]),
    ]),
  ]);
  return {
    worth,
    text: `${summary}.`,
    blocks: [
      section([`*${summary}*`, ...lines.slice(0, 8), ...more(lines.length)].join('\n')),
      ...syncButtons(rollout, shown, numbers),
      ...(below.length === 0 ? [] : [context(below.join(' '))]),
    ],
  };
}

/** A process that begins after the end has seen nothing of it: then the record has the numbers, if all nodes moved. */
function onRecord(waves: readonly Wave[]): (Message & { readonly worth: string }) | undefined {
  const ends = waves.flatMap(({ phase }) => (phase.name === 'complete' ? [phase] : []));
  if (ends.some(({ tail }) => tail.length > 0)) return undefined;
  const nodes = ends.reduce((sum, { replaced }) => sum + replaced, 0);
  if (nodes === 0) return undefined;
  const text = summaryText(waves, nodes, nodes);
  return { worth: text, text: `${text}.`, blocks: [section(`*${text}*`)] };
}

function summaryText(waves: readonly Wave[], replaced: number, total: number): string {
  const image = waves.some(({ recovery }) => recovery !== undefined) ? 'earlier' : 'new';
  return `${placesText(waves)}: ${replaced} of ${total} nodes on the ${image} image`;
}

function placesText(waves: readonly Wave[]): string {
  return named([...new Set(waves.map(({ environment }) => environment))].join(', '));
}

function keyOf({ environment, name }: Wave): string {
  return `${environment}/${name}`;
}

/** Of a cluster that this process has not looked at for this wave. */
function unseenText({ phase }: Wave, cluster: string): string {
  if (phase.name !== 'syncing') return 'not counted yet';
  return phase.synced.includes(cluster)
    ? 'the change has arrived'
    : 'Argo CD is bringing the change';
}

/** Another blocker is news; another count of nodes behind the same one is not. */
function kindOf(sentence: string): string {
  return sentence.replace(/\d+/g, '').slice(0, 60);
}

function countText({
  replaced,
  total,
  draining,
  launching,
  note,
  noteUrl,
  churn,
  upgrade,
  stale,
  at,
  endsAt,
  perHour,
}: ClusterLine): string {
  const counts = [`${replaced} of ${total}`];
  const moves = replaced < total; // the last old node may still drain: no longer news
  if (moves && launching > 0) counts.push(`${launching} launching`);
  if (moves && draining > 0) counts.push(`${draining} draining`);
  for (const others of [upgrade, churn]) if (others !== undefined) counts.push(clause(others, 240));
  if (note !== undefined) {
    const link = noteUrl === undefined ? '' : ` (${mrkdwnLink('open', noteUrl)})`;
    counts.push(`${withLocalTimes(clause(note, 240))}${link}`);
  }
  if (moves && perHour !== undefined && stale !== true) counts.push(rateText(perHour));
  if (moves && endsAt !== undefined && stale !== true)
    counts.push(`done ${betweenText(quarterHour(endsAt.p50), quarterHour(endsAt.p80))}`);
  if (stale === true) counts.push(`as seen ${localTime(at)}`);
  return counts.join(', ');
}

function rateText(perHour: number): string {
  return perHour >= 1
    ? `about ${Math.round(perHour)} an hour`
    : `about ${Math.max(1, Math.round(perHour * 24))} a day`;
}

function more(clusters: number): string[] {
  return clusters > 8 ? [`and ${count(clusters - 8, 'more cluster')}`] : [];
}

/** Nobody knows it better, and each other minute would look like news. */
function quarterHour(at: number): number {
  return Math.ceil(at / 900_000) * 900_000;
}

function betweenText(from: number, to: number): string {
  return from === to ? `about ${localTime(from)}` : `${localTime(from)} to ${localTime(to)}`;
}

/** To the minute: finer would be an edit each look. */
function minuteOf(at: number): number {
  return Math.floor(at / 60_000) * 60_000;
}
