import type { KnownBlock, ModalView } from '@slack/types';
import type { Rollout } from '../src/rollout/rollout.ts';
import { plain, section } from './block-kit.ts';
import type { CardKey } from './card-key.ts';
import { encodeCardKey } from './card-key.ts';
import { driftEndsText } from './drift-ends.ts';
import { inputs, modal, modalIds, textInput } from './modal.ts';
import { listed, named } from './phrases.ts';
import { rollBackScope } from './roll-back-scope.ts';

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
  const spared = driftEndsText(rollout);
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
      `Moves the pins back from *${named(rollout.release)}* to *${to}* by a pull request each, and replaces the nodes again. Windows, pauses and soaks do not hold it up; required checks do. The rollout ends.${spared === '' ? '' : `\n${spared}`}${left}`,
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
    markBadInput,
    textInput(inputs.reason, 'Reason', {
      min: 10,
      max: 1000,
      ...(reason === undefined ? {} : { initial: reason }),
    }),
  ];
  return modal(modalIds.rollBack, 'Roll back rollout', 'Roll back', encodeCardKey(key), blocks);
}

/** A tick of its own: it goes beyond taking back. */
export const markBadInput: KnownBlock = {
  type: 'input',
  block_id: inputs.bad.block,
  label: plain('Afterwards'),
  optional: true,
  element: {
    type: 'checkboxes',
    action_id: inputs.bad.action,
    options: [{ text: plain('Mark the release bad: it is not offered there again'), value: 'bad' }],
  },
};
