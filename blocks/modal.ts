import type { KnownBlock, ModalView } from '@slack/types';
import { clamp, stripControl } from '../src/shared/text.ts';
import { plain } from './block-kit.ts';

/** Names of the modals, as they come back when submitted. */
export const modalIds = {
  reject: 'rollout:reject',
  approve: 'rollout:approve-note',
  snooze: 'rollout:snooze',
  rollBack: 'rollout:rollback',
  recovery: 'recovery:clusters',
  pause: 'rollout:pause-reason',
} as const;

/** Where each input stands in a submitted view: block, then action. */
export const inputs = {
  reason: { block: 'reason', action: 'text' },
  note: { block: 'note', action: 'text' },
  until: { block: 'until', action: 'pick' },
  scope: { block: 'scope', action: 'choice' },
  clusters: { block: 'clusters', action: 'choice' },
  bad: { block: 'bad', action: 'tick' },
  confirm: { block: 'confirm', action: 'text' },
} as const;

/** A field for a text of `min` to `max` characters. */
export function textInput(
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

/** @param metadata comes back when it is submitted: ids only. */
export function modal(
  callbackId: string,
  title: string,
  submit: string,
  metadata: string,
  blocks: KnownBlock[],
): ModalView {
  return {
    type: 'modal',
    callback_id: callbackId,
    title: plain(title, 24),
    submit: plain(submit, 24),
    close: plain('Cancel', 24),
    private_metadata: metadata,
    blocks,
  };
}
