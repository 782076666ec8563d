import { z } from 'zod';
import type { CardKey } from '../blocks/card-key.ts';
import { decodeAskBlock, decodeCardKey } from '../blocks/card-key.ts';
import { SlackUserId } from '../src/shared/ids.ts';
import type { ReplyTo } from './person-request.ts';

/** The parts of a `block_actions` payload that are read. Source: Slack, interaction payloads. */
const Click = z.object({
  trigger_id: z.string(),
  user: z.object({ id: SlackUserId }),
  channel: z.object({ id: z.string() }).optional(),
  container: z
    .object({ message_ts: z.string().optional(), thread_ts: z.string().optional() })
    .optional(),
  message: z.object({ ts: z.string(), thread_ts: z.string().optional() }).optional(),
  response_url: z.string().optional(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        block_id: z.string().default(''),
        value: z.string().optional(),
        selected_option: z.object({ value: z.string() }).optional(),
        action_ts: z.string().optional(),
      }),
    )
    .min(1),
});

/** A press of one of our buttons, read. */
export type ReadClick = {
  /** The same for every delivery of the same press. */
  readonly deliveryKey: string;
  readonly triggerId: string;
  readonly by: SlackUserId;
  readonly key: CardKey;
  /** The chosen option of a menu; the key is then the row's. */
  readonly choice?: string;
  readonly replyTo: ReplyTo;
};

/** A press of a button that belongs to no rollout: its value is for its own handler to read. */
export function readPress(
  body: unknown,
): Omit<ReadClick, 'key' | 'choice'> & { readonly value: string } {
  const click = Click.parse(body);
  return {
    deliveryKey: `click:${click.trigger_id}`,
    triggerId: click.trigger_id,
    by: click.user.id,
    value: click.actions[0]?.value ?? '',
    replyTo: replyToOf(click),
  };
}

/** @throws Error for a payload that no button of ours sends: it is logged and nothing happens. */
export function readClick(body: unknown): ReadClick {
  const click = Click.parse(body);
  const action = click.actions[0];
  const choice = action?.selected_option?.value;
  const key =
    choice === undefined
      ? decodeCardKey(action?.value ?? '')
      : decodeAskBlock(action?.block_id ?? '');
  if (key === undefined) throw new Error(`${action?.action_id} carried no key of ours`);
  return {
    deliveryKey: `click:${click.trigger_id}`,
    triggerId: click.trigger_id,
    by: click.user.id,
    key,
    ...(choice === undefined ? {} : { choice }),
    replyTo: replyToOf(click),
  };
}

function replyToOf(click: z.infer<typeof Click>): ReplyTo {
  const { id: user } = click.user;
  const threadTs = click.message?.thread_ts ?? click.container?.thread_ts;
  const messageTs = click.message?.ts ?? click.container?.message_ts;
  return {
    channel: click.channel?.id ?? user,
    user,
    ...(threadTs === undefined ? {} : { threadTs }),
    ...(click.response_url === undefined ? {} : { responseUrl: click.response_url }),
    ...(messageTs === undefined ? {} : { messageTs }),
  };
}
