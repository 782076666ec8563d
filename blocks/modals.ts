import type { ModalView } from '@slack/types';
import type { Rollout } from '../src/rollout/rollout.ts';
import { wavesOf } from '../src/rollout/rollout.ts';
import { escapeMrkdwn } from '../src/shared/text.ts';
import type { Instant } from '../src/shared/time.ts';
import { analysisDetails } from './analysis-details.ts';
import { plain, section } from './block-kit.ts';
import type { CardKey } from './card-key.ts';
import { encodeCardKey } from './card-key.ts';
import type { ForecastLine } from './forecast.ts';
import { forecastDetails } from './forecast-details.ts';
import { imageSections } from './image-sections.ts';
import { inputs, modal, modalIds, textInput } from './modal.ts';
import { nameOf } from './names.ts';
import { count, named, quoted } from './phrases.ts';
import { environmentText, waveText } from './state.ts';
import { duration } from './times.ts';
import { waveScope } from './wave-scope.ts';

/** Why not: 10 to 1,000 characters, and the whole environment ends. */
export function rejectModal(key: CardKey, rollout: Rollout, environment: string): ModalView {
  return modal(modalIds.reject, 'Reject rollout', 'Reject', encodeCardKey(key), [
    section(
      `Rejects *${named(rollout.release)}* for *${named(environment)}*, and for every environment after it. One rejection is enough; nodes that were replaced stay as they are.`,
    ),
    textInput(inputs.reason, 'Reason', {
      min: 10,
      max: 1000,
      hint: 'Everybody in the thread reads it.',
    }),
  ]);
}

export function approveModal(key: CardKey, rollout: Rollout, environment: string): ModalView {
  return modal(modalIds.approve, 'Approve rollout', 'Approve', encodeCardKey(key), [
    section(
      `Approves *${named(rollout.release)}* for *${named(environment)}*, exactly as the card shows it.`,
    ),
    textInput(inputs.note, 'Note', { min: 0, max: 500, optional: true }),
  ]);
}

/** @param suggested the next working day, 09:00 of the reader. */
export function snoozeModal(key: CardKey, rollout: Rollout, suggested: Instant): ModalView {
  return modal(modalIds.snooze, 'Snooze rollout', 'Snooze', encodeCardKey(key), [
    section(`Nobody is asked about *${named(rollout.release)}* until then, for 90 days at most.`),
    {
      type: 'input',
      block_id: inputs.until.block,
      label: plain('Until'),
      element: {
        type: 'datetimepicker',
        action_id: inputs.until.action,
        initial_date_time: Math.floor(suggested / 1000),
      },
    },
    textInput(inputs.reason, 'Why', { min: 0, max: 500, optional: true }),
  ]);
}

/** Everything that is known, without buttons: it may be read by anybody. */
export function detailsModal(
  rollout: Rollout,
  names: ReadonlyMap<string, string>,
  forecasts: ReadonlyMap<string, ForecastLine> = new Map(),
): ModalView {
  const states = rollout.environments.map((environment) => {
    const { policy } = environment;
    const lines = wavesOf(environment).map((wave) => {
      const text = wave.phase.name === 'waiting' ? 'not begun' : waveText(environment, wave);
      return `• ${named(wave.name)} (${waveScope(wave)}): ${escapeMrkdwn(text)}`;
    });
    const sets = policy.approval.sets?.map((set) => `${set.count} of ${named(set.name)}`);
    const needs =
      sets === undefined ? count(policy.approval.count, 'approval') : sets.join(' and ');
    const rules = `${needs}, ${policy.soakMs === 0 ? 'no soak' : `soak ${duration(policy.soakMs)}`}, mode ${policy.mode}`;
    return section(
      [
        `*${named(policy.name)}*: ${escapeMrkdwn(environmentText(rollout, environment))}`,
        rules,
        ...lines,
        ...votes(environment, names),
      ].join('\n'),
    );
  });
  return {
    type: 'modal',
    title: plain('Rollout details', 24),
    close: plain('Close', 24),
    blocks: [
      section(`*${named(rollout.release)}* · ${rollout.id}`),
      ...states,
      ...forecastSections(rollout, forecasts),
      ...imageSections(rollout),
      ...analysisDetails(rollout),
    ].slice(0, 100),
  };
}

/** Of clusters whose nodes are still to move; of many only the first, since a modal has 100 blocks. */
function forecastSections({ environments }: Rollout, forecasts: ReadonlyMap<string, ForecastLine>) {
  const ahead = environments
    .flatMap(({ waves }) => waves)
    .filter(({ phase }) => phase.name === 'waiting' || phase.name === 'pull-request')
    .flatMap(({ clusters }) => clusters);
  return [...new Set(ahead)]
    .flatMap((cluster) => {
      const line = forecasts.get(cluster);
      return (line && forecastDetails(cluster, line)) ?? [];
    })
    .slice(0, 20)
    .map(section);
}

function votes(
  { ask }: Rollout['environments'][number],
  names: ReadonlyMap<string, string>,
): string[] {
  if (ask === undefined) return [];
  const grants = ask.grants.map(({ by, note }) => {
    const said = note === undefined ? '' : `: ${quoted(note)}`;
    return `${nameOf(names, by)}${said}`;
  });
  const who = grants.length === 0 ? 'nobody yet' : grants.join(', ');
  return [`Approved by ${who} · digest \`${ask.digest.slice(0, 12)}\``];
}
