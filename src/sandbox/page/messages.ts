import { drawBlocks, type OnAction } from './blocks.ts';
import { element } from './element.ts';
import type { Item } from './in-place.ts';
import { mrkdwn } from './mrkdwn.ts';
import type { Ephemeral, Message, User } from './state.ts';

/** What messages are drawn with, beside their own words. */
export type Reading = {
  readonly users: readonly User[];
  readonly onAction: (messageTs: string) => OnAction;
  readonly openThread: string | undefined;
  readonly open: (thread: string) => void;
};

type MessageItem = Item & { readonly ts: string };

/** A message for everybody. */
export function messageItem(message: Message, reading: Reading): MessageItem {
  return keyed(message, false, reading);
}

/** A message that is shown to one person only. */
export function ephemeralItem(message: Ephemeral, reading: Reading): MessageItem {
  return keyed(message, true, reading);
}

function keyed(message: Message, only: boolean, reading: Reading): MessageItem {
  const key = `${message.ts} ${only} ${JSON.stringify(message.blocks ?? message.text)}`;
  return { ts: message.ts, key, draw: () => [drawMessage(message, only, reading)] };
}

/** A message of the channel, with the way into its thread where it has `replies`. */
export function rootItem(message: Message, replies: number, reading: Reading): MessageItem {
  const thread = message.thread_ts ?? message.ts;
  const { ts, key } = messageItem(message, reading);
  return {
    ts,
    key: `${key} ${replies} ${reading.openThread === thread}`,
    draw: () => {
      const box = drawMessage(message, false, reading);
      if (replies === 0) return [box];
      const link = element('button', 'plain', replies === 1 ? '1 reply' : `${replies} replies`);
      link.type = 'button';
      link.addEventListener('click', () => reading.open(thread));
      box.querySelector('.content')?.append(link);
      return [box];
    },
  };
}

function drawMessage(message: Message, only: boolean, { users, onAction }: Reading): HTMLElement {
  const at = new Date(Number(message.ts) * 1000);
  const time = element(
    'time',
    '',
    at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' }),
  );
  const name = users.find(({ id }) => id === message.user && !only)?.name ?? 'Amiable';
  const head = element('div', 'head', element('span', 'from', name));
  if (name === 'Amiable') head.append(element('span', 'app', 'APP'));
  head.append(time);
  if (only) head.append(element('span', 'only', ' Only visible to you'));
  const body =
    message.blocks === undefined || message.blocks.length === 0
      ? element('p', '', mrkdwn(message.text))
      : drawBlocks(message.blocks, onAction(message.ts));
  const avatar = element('span', name === 'Amiable' ? 'avatar bot' : 'avatar', initials(name));
  avatar.setAttribute('aria-hidden', 'true');
  const content = element('div', 'content', head, body);
  const box = element('article', only ? 'message ephemeral' : 'message', avatar, content);
  box.dataset['ts'] = message.ts;
  return box;
}

function initials(name: string): string {
  return name
    .split(' ')
    .map((part) => part.slice(0, 1))
    .slice(0, 2)
    .join('');
}
