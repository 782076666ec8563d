import { encodeCardKey } from '../../blocks/card-key.ts';
import { channel, type startDesk } from './desk.ts';

type Desk = Pick<Awaited<ReturnType<typeof startDesk>>, 'id' | 'card'>;

/** What Slack sends of a pressed button, made by hand: for people that no client lets press it. */
export function pressed(
  desk: Desk,
  user: string,
  { verb = 'approve', ask = 1, trigger = '1' } = {},
): Record<string, unknown> {
  return {
    type: 'block_actions',
    trigger_id: `${trigger}.${user}`,
    user: { id: user, team_id: 'T0SANDBOX' },
    channel: { id: channel },
    container: { type: 'message', message_ts: desk.card().ts, channel_id: channel },
    message: { ts: desk.card().ts },
    actions: [
      {
        type: 'button',
        action_id: `rollout:${verb}`,
        block_id: 'x',
        value: encodeCardKey({ rolloutId: desk.id, environment: 'staging', ask }),
      },
    ],
  };
}

/** The same of the modal that rejects. */
export function submitted(desk: Desk, user: string, reason: string): Record<string, unknown> {
  return {
    type: 'view_submission',
    trigger_id: `2.${user}`,
    user: { id: user, team_id: 'T0SANDBOX' },
    view: {
      id: 'V0FORGED',
      type: 'modal',
      callback_id: 'rollout:reject',
      hash: 'h',
      private_metadata: encodeCardKey({ rolloutId: desk.id, environment: 'staging', ask: 1 }),
      state: { values: { reason: { text: { type: 'plain_text_input', value: reason } } } },
    },
  };
}
