import type { KnownBlock } from '@slack/types';
import type { Hold } from '../src/rollout/hold.ts';
import type { Closed } from '../src/rollout/merge-hours.ts';
import { isEnded } from '../src/rollout/phases.ts';
import { mergesByButton, mergesInGitHub } from '../src/rollout/pull-request-rule.ts';
import type { Environment, Rollout } from '../src/rollout/rollout.ts';
import { hasMerged, missingApprovals, wavesOf } from '../src/rollout/rollout.ts';
import type { Wave } from '../src/rollout/wave.ts';
import { mrkdwnLink } from '../src/shared/link.ts';
import { escapeMrkdwn } from '../src/shared/text.ts';
import { notHandledSum, notHandledText } from '../src/tracking/not-handled-text.ts';
import { noSummaryText, riskText, securityText, summaryText } from './analysis-text.ts';
import { actions, context, fields, header, type Message, message, section } from './block-kit.ts';
import { withLocalTimes } from './blockers.ts';
import { brakeText } from './brake.ts';
import { closedButtons, decisionRows } from './card-buttons.ts';
import { consequence } from './consequence.ts';
import { automaticText, expediteText } from './expedite.ts';
import { type ForecastLine, forecastText } from './forecast.ts';
import { holdsText } from './holds.ts';
import { leftAloneText, sharedText } from './image-sections.ts';
import { hoursText } from './merge-hours.ts';
import type { Held } from './merged-how.ts';
import { missingText } from './missing.ts';
import { nameOf } from './names.ts';
import { clause, count, listed, named, quoted } from './phrases.ts';
import { clusterCount, environmentText, stateOf } from './state.ts';
import { duration, localTime } from './times.ts';
import { waveSize } from './wave-scope.ts';

/** What the card shows beside the record: passing knowledge of the last look. */
export type CardView = {
  readonly rollout: Rollout;
  readonly names: ReadonlyMap<string, string>;
  /** Who may decide, by environment that asks, as far as Slack said. */
  readonly deciders?: ReadonlyMap<string, readonly string[]>;
  /** What was read of clusters before anything is merged there. */
  readonly forecasts?: ReadonlyMap<string, ForecastLine>;
  /** What stands in the way, each in a sentence. */
  readonly troubles: readonly string[];
  /** What open pull requests wait for, each in a sentence. */
  readonly waits: readonly string[];
  /** Environments whose next pull requests wait for nothing on GitHub, as far as this process has seen. */
  readonly green?: ReadonlySet<string>;
  /** What the clock says against the next merge, by environment. */
  readonly hours?: ReadonlyMap<string, Closed | 'forecast-unknown'>;
  /** What is kept behind on purpose. */
  readonly holds?: readonly Hold[];
  readonly frozen?: { readonly by: string; readonly reason: string };
};

/** Environments that fit a card; the others are in Details. */
const mostEnvironments = 6;

/** The root message of a rollout's thread: drawn anew from the state, never patched. */
export function rolloutCard(view: CardView): Message {
  const { rollout, names } = view;
  const { word, glyph } = stateOf(rollout);
  const { done, all } = clusterCount(rollout);
  const sentence = consequence(rollout, names, heldOf(view));
  // On the way back a count of clusters reads as of those that went back.
  const counted = rollout.rollback === undefined ? ` (${done} of ${count(all, 'cluster')})` : '';
  const title = `${word}: EKS nodes ${rollout.release}${counted}`;
  const text = `${escapeMrkdwn(title)}. ${sentence}`;
  const lead = `${glyph} ${sentence}`;
  if (rollout.outcome !== undefined) {
    const buttons = actions(`card-${rollout.id}`, closedButtons(rollout));
    // Where nodes moved, people look later for who let them and by which pull request.
    const story = hasMerged(rollout)
      ? [section(environmentLines(view)), ...forecastSections(view)]
      : [];
    return message(text, [header(title), section(lead), ...story, buttons, lastLine(rollout)]);
  }
  const banners = bannerLines(view);
  return message(text, [
    header(title),
    ...(isQuestion(rollout) ? whatItIs(rollout, lead) : [section(lead)]),
    section(environmentLines(view)),
    ...forecastSections(view),
    ...(banners.length > 0 ? [section(banners.join('\n'))] : []),
    ...decisionRows(rollout, view.green),
    lastLine(rollout),
  ]);
}

/** Whether people have yet to make up their minds: only then the card explains the release. */
function isQuestion({ environments }: Rollout): boolean {
  return (
    environments.some(({ phase }) => phase.name === 'awaiting-approval') ||
    environments.every(({ phase }) => phase.name === 'waiting')
  );
}

/** The verdict of the rules, the machine's opinion under its own name, and the four facts that matter most. */
function whatItIs(rollout: Rollout, lead: string): KnownBlock[] {
  const summary = summaryText(rollout);
  const opinion = summary === '' ? noSummaryText(rollout) : `AI summary: ${summary}`;
  return [
    section(`${lead} ${riskText(rollout)}${opinion === '' ? '' : `\n${opinion}`}`),
    fields([
      ['From → to', fromTo(rollout)],
      ['Security', securityText(rollout)],
      ['Scope', scope(rollout)],
      ['Plan', plan(rollout)],
    ]),
  ];
}

/** Only while there is something to decide: then the live message counts, and what it does not count stays named. */
function forecastSections({ rollout, forecasts = new Map() }: CardView): KnownBlock[] {
  const texts = rollout.environments
    .filter(({ phase }) => phase.name === 'awaiting-approval')
    .slice(0, 2)
    .flatMap((environment) => forecastText(environment, forecasts) ?? []);
  if (texts.length > 0) return [context(texts.join('\n'))];
  const others = [...forecasts.values()].flatMap(({ notHandled }) => notHandled ?? []);
  const text = notHandledText(notHandledSum(others));
  return text === undefined ? [] : [context(`And ${text} not handled.`)];
}

function environmentLines(view: CardView): string {
  // What only waits its turn stands in the plan already.
  const begun = view.rollout.environments.filter(({ phase }) => phase.name !== 'waiting');
  const environments = begun.length > 0 ? begun : view.rollout.environments;
  const lines = environments
    .slice(0, mostEnvironments)
    .map((environment) => environmentLine(view, environment));
  const more = environments.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${count(more, 'more environment')}`] : [])].join('\n');
}

function environmentLine({ rollout, names, deciders }: CardView, environment: Environment): string {
  const { policy, ask, phase } = environment;
  const parts = [`*${named(policy.name)}*: ${escapeMrkdwn(environmentText(rollout, environment))}`];
  if (ask !== undefined && ask.grants.length > 0) {
    parts.push(
      `approved by ${people(
        ask.grants.map(({ by }) => by),
        names,
      )}`,
    );
  }
  if (ask?.automatic !== undefined) parts.push(automaticText(ask.automatic.because));
  if (phase.name === 'awaiting-approval' && ask !== undefined) {
    const given = new Set<string>(ask.grants.map(({ by }) => by));
    const left = (deciders?.get(policy.name) ?? []).filter((person) => !given.has(person));
    if (policy.approval.sets !== undefined) parts.push(`needs ${missingText(environment)}`);
    if (missingApprovals(environment) > 0 && left.length > 0)
      parts.push(`who can: ${people(left, names)}`);
    parts.push(`decide by ${localTime(ask.expiresAt)}`);
    if (ask.unproven.length > 0) {
      parts.push(`not proven on ${listed(ask.unproven)}: no node, or too few, ran it there`);
    }
  }
  const links = wavesOf(environment)
    .flatMap(({ parts: pulls }) => pulls)
    .map(({ url, number }) => mrkdwnLink(`#${number}`, url))
    .slice(-4);
  if (links.length > 0) parts.push(links.join(' '));
  return parts.join(' · ');
}

/** At most three names, in the order of the alphabet, and how many more. */
function people(ids: readonly string[], names: ReadonlyMap<string, string>): string {
  const sorted = ids.map((id) => nameOf(names, id)).sort();
  const more = sorted.length > 3 ? ` and ${sorted.length - 3} more` : '';
  return `${sorted.slice(0, 3).join(', ')}${more}`;
}

/** What holds each environment's next merge back. */
function heldOf({ rollout, hours, frozen }: CardView): ReadonlyMap<string, Held> {
  return new Map(
    rollout.environments.flatMap(({ policy: { name } }): (readonly [string, Held])[] => {
      const said = hours?.get(name);
      if (frozen !== undefined) return [[name, 'frozen']];
      return said === undefined || said === 'forecast-unknown' ? [] : [[name, said.because]];
    }),
  );
}

function bannerLines({
  rollout,
  names,
  troubles,
  waits,
  hours = new Map(),
  holds = [],
  frozen,
}: CardView): string[] {
  const lines: string[] = [];
  const brake = brakeText(rollout);
  if (brake !== undefined) lines.push(`:octagonal_sign: ${brake}`);
  if (frozen !== undefined) {
    const rest =
      rollout.rollback === undefined
        ? 'Nothing is merged until somebody unfreezes them.'
        : 'The way back is merged all the same.';
    lines.push(
      `:snowflake: All merges are frozen by ${nameOf(names, frozen.by)}: ${quoted(frozen.reason)}. ${rest}`,
    );
  }
  for (const { policy, unapprovedMerge } of rollout.environments) {
    if (unapprovedMerge === undefined) continue;
    lines.push(
      `:warning: ${named(unapprovedMerge.by)} merged ${named(policy.name)} on GitHub without the approvals. An approver presses Continue, or rolls back.`,
    );
  }
  for (const wave of rollout.environments.flatMap(wavesOf)) {
    if (wave.stalled === undefined || isEnded(wave.phase)) continue;
    lines.push(
      `:warning: Stalled since ${localTime(wave.stalled.since)}: ${sentenceOf(wave.stalled.blockers.join('; '))}`,
    );
  }
  if (holds.length > 0) lines.push(`:pushpin: ${holdsText(holds, names)}`);
  for (const [environment, said] of hours) lines.push(`:clock3: ${hoursText(environment, said)}`);
  for (const { policy, expedite, phase } of rollout.environments) {
    if (expedite !== undefined && !isEnded(phase)) {
      lines.push(`:zap: ${expediteText(policy.name, expedite, names)}`);
    }
  }
  for (const what of [...waits, ...troubles])
    lines.push(`:information_source: ${sentenceOf(what)}`);
  return lines.slice(0, 5);
}

/** What a system said, as one sentence: escaped, no longer than a paragraph, times in the reader's own, with its full stop. */
function sentenceOf(text: string): string {
  return `${withLocalTimes(clause(text, 300))}.`;
}

function fromTo({ environments, release, family, pinsCluster }: Rollout): string {
  if (pinsCluster !== undefined) return `${named(`${family}@latest`)} → ${named(release)}`;
  const from = new Set(environments.flatMap(({ replaces }) => replaces.map((one) => one.release)));
  return `${listed([...from].sort(), 3)} → ${named(release)}`;
}

function scope(rollout: Rollout): string {
  const pins = rollout.environments
    .flatMap(({ replaces }) => replaces)
    .reduce((sum, one) => sum + one.pins, 0);
  const skips = rollout.skips === 0 ? '' : `, skips ${count(rollout.skips, 'release')} in between`;
  return `${count(clusterCount(rollout).all, 'cluster')}, ${count(pins, 'pin')}${skips}${leftAloneText(rollout)}${sharedText(rollout)}`;
}

function plan({ environments }: Rollout): string {
  return environments
    .slice(0, mostEnvironments)
    .map(({ policy, waves }) => {
      const sizes = sizesOf(waves);
      const soakMs = waves[0]?.soakMs ?? policy.soakMs;
      const soak = soakMs > 0 ? `, soak ${duration(soakMs)}` : '';
      const mode = modeText(policy);
      return `${named(policy.name)} ${sizes}${soak}${mode}`;
    })
    .join(' → ');
}

/** What is unusual about how it merges. */
function modeText(policy: Environment['policy']): string {
  if (policy.mode !== 'merge') return ` (${policy.mode} only)`;
  if (mergesInGitHub(policy)) return ' (merged on GitHub)';
  return mergesByButton(policy) ? ' (merged by button)' : '';
}

/** `1 cluster, then 2, then 7`; of node classes by name. */
function sizesOf(waves: readonly Wave[]): string {
  const whole = waves.every((wave) => wave.nodeClasses === undefined);
  const [first, ...rest] = waves.slice(0, 5);
  if (first === undefined) return count(0, 'cluster');
  const next = (wave: Wave) => (whole ? `${wave.clusters.length}` : waveSize(wave));
  return [waveSize(first), ...rest.map(next)].join(', then ');
}

function lastLine(rollout: Rollout): KnownBlock {
  const sources =
    rollout.analysis === 'pending' ? 'analysis under way' : 'packages and sources in Details';
  return context(
    `${rollout.id} · opened ${localTime(rollout.openedAt)} · last change ${localTime(rollout.lastChangeAt)} · ${sources}`,
  );
}
