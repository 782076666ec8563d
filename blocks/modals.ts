import type { KnownBlock, ModalView } from '@slack/types';
import type { Rollout } from '../src/rollout/rollout.ts';
import { wavesOf } from '../src/rollout/rollout.ts';
import { clamp, escapeMrkdwn, stripControl } from '../src/shared/text.ts';
import type { Instant } from '../src/shared/time.ts';
import { analysisDetails } from './analysis-details.ts';
import { plain, section } from './block-kit.ts';
import type { CardKey } from './card-key.ts';
import { encodeCardKey } from './card-key.ts';
import { imageSections } from './image-sections.ts';
import { nameOf } from './names.ts';
import { count, listed, named, quoted } from './phrases.ts';
import { rollBackScope } from './roll-back-scope.ts';
import { environmentText, waveText } from './state.ts';
import { duration } from './times.ts';
import { waveScope } from './wave-scope.ts';

/** Names of the modals, as they come back when submitted. */
export const modalIds = {
  reject: 'rollout:reject',
  approve: 'rollout:approve-note',
  snooze: 'rollout:snooze',
  rollBack: 'rollout:rollback',
  pause: 'rollout:pause-reason',
} as const;

/** Where each input stands in a submitted view: block, then action. */
export const inputs = {
  reason: { block: 'reason', action: 'text' },
  note: { block: 'note', action: 'text' },
  until: { block: 'until', action: 'pick' },
  scope: { block: 'scope', action: 'choice' },
  bad: { block: 'bad', action: 'tick' },
  confirm: { block: 'confirm', action: 'text' },
} as const;

/** Why not: 10 to 1,000 characters, and the whole environment ends. */
export function rejectModal(key: CardKey, rollout: Rollout, environment: string): ModalView {
  return modal(modalIds.reject, 'Reject rollout', 'Reject', key, [
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
  return modal(modalIds.approve, 'Approve rollout', 'Approve', key, [
    section(
      `Approves *${named(rollout.release)}* for *${named(environment)}*, exactly as the card shows it.`,
    ),
    textInput(inputs.note, 'Note', { min: 0, max: 500, optional: true }),
  ]);
}

/** @param suggested the next working day, 09:00 of the reader. */
export function snoozeModal(key: CardKey, rollout: Rollout, suggested: Instant): ModalView {
  return modal(modalIds.snooze, 'Snooze rollout', 'Snooze', key, [
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

/** What can be taken back, by cluster, and what it returns to. */
export type RollBackChoice = {
  readonly clusters: readonly { readonly cluster: string; readonly to: string }[];
  readonly leftOut: readonly { readonly cluster: string; readonly why: string }[];
  readonly environments: readonly { readonly name: string; readonly clusters: readonly string[] }[];
};

/** Says what a rollback does before it is pressed; submitting it is the approval. */
export function rollBackModal(
  key: CardKey,
  rollout: Rollout,
  choice: RollBackChoice,
  reason?: string,
): ModalView {
  const to = listed([...new Set(choice.clusters.map((one) => one.to))]);
  const names = choice.clusters.map(({ cluster }) => cluster);
  const left =
    choice.leftOut.length === 0
      ? ''
      : `\nLeft out: ${listed(choice.leftOut.map(({ cluster, why }) => `${cluster} (${why})`))}.`;
  const options = [
    {
      text: plain(
        names.length === 1
          ? `The cluster that moved: ${names[0]}`
          : `All ${names.length} clusters that moved`,
      ),
      value: 'all',
    },
    // One choice that says the same as another is none.
    ...(choice.environments.length > 1 ? choice.environments : []).map(({ name, clusters }) => ({
      text: plain(`Only ${name} (${clusters.length})`),
      value: rollBackScope('environment', name),
    })),
    ...(names.length > 1 ? names : []).map((name) => ({
      text: plain(`Only ${name}`),
      value: rollBackScope('cluster', name),
    })),
  ].slice(0, 100);
  const blocks: KnownBlock[] = [
    section(
      `Moves the pins back from *${named(rollout.release)}* to *${to}* by a pull request each, and replaces the nodes again. Windows, pauses and soaks do not hold it up; required checks do. The rollout ends.${left}`,
    ),
    {
      type: 'input',
      block_id: inputs.scope.block,
      label: plain('Which clusters'),
      element: {
        // Slack draws ten radio buttons at most; a menu holds a hundred.
        type: options.length > 10 ? 'static_select' : 'radio_buttons',
        action_id: inputs.scope.action,
        options,
        ...(options[0] === undefined ? {} : { initial_option: options[0] }),
      },
    },
    {
      type: 'input',
      block_id: inputs.bad.block,
      label: plain('Afterwards'),
      optional: true,
      element: {
        type: 'checkboxes',
        action_id: inputs.bad.action,
        options: [
          { text: plain('Mark the release bad: it is not offered there again'), value: 'bad' },
        ],
      },
    },
    textInput(inputs.reason, 'Reason', {
      min: 10,
      max: 1000,
      ...(reason === undefined ? {} : { initial: reason }),
    }),
  ];
  return modal(modalIds.rollBack, 'Roll back rollout', 'Roll back', key, blocks);
}

/** Everything that is known, without buttons: it may be read by anybody. */
export function detailsModal(rollout: Rollout, names: ReadonlyMap<string, string>): ModalView {
  const states = rollout.environments.map((environment) => {
    const { policy } = environment;
    const lines = wavesOf(environment).map(
      (wave) =>
        `• ${named(wave.name)} (${waveScope(wave)}): ${escapeMrkdwn(waveText(environment, wave))}`,
    );
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
      ...imageSections(rollout),
      ...analysisDetails(rollout),
    ].slice(0, 100),
  };
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

function textInput(
  { block, action }: { readonly block: string; readonly action: string },
  label: string,
  {
    min,
    max,
    optional = false,
    hint,
    initial,
  }: {
    readonly min: number;
    readonly max: number;
    readonly optional?: boolean;
    readonly hint?: string;
    readonly initial?: string;
  },
): KnownBlock {
  // Slack's client says so only after somebody tried.
  const hints = [
    ...(min > 0 ? [`At least ${min} characters.`] : []),
    ...(hint === undefined ? [] : [hint]),
  ];
  return {
    type: 'input',
    block_id: block,
    label: plain(label),
    optional,
    element: {
      type: 'plain_text_input',
      action_id: action,
      multiline: true,
      max_length: max,
      ...(min > 0 ? { min_length: min } : {}),
      ...(initial === undefined ? {} : { initial_value: clamp(stripControl(initial), max) }),
    },
    ...(hints.length === 0 ? {} : { hint: plain(hints.join(' ')) }),
  };
}

function modal(
  callbackId: string,
  title: string,
  submit: string,
  key: CardKey,
  blocks: KnownBlock[],
): ModalView {
  return {
    type: 'modal',
    callback_id: callbackId,
    title: plain(title, 24),
    submit: plain(submit, 24),
    close: plain('Cancel', 24),
    private_metadata: encodeCardKey(key),
    blocks,
  };
}
