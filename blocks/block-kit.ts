import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  MrkdwnElement,
  Overflow,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';
import type { SafeMrkdwn } from '../src/shared/text.ts';
import { clamp, stripControl } from '../src/shared/text.ts';

/** A Slack message: `text` is the notification and the whole of it for old clients. */
export type Message = { readonly text: string; readonly blocks: readonly KnownBlock[] };

/** Text without markup. `emoji` is off: what we are given may spell one. */
export function plain(text: string, max = 75): PlainTextElement {
  return { type: 'plain_text', text: clamp(stripControl(text), max), emoji: false };
}

/** Text with markup, of parts that are ours or escaped. `verbatim`: Slack makes no links or mentions by itself. */
function mrkdwn(text: SafeMrkdwn | string, max = 3000): MrkdwnElement {
  return { type: 'mrkdwn', text: clampMarkup(text, max), verbatim: true };
}

/** Cuts what is escaped already without leaving half an entity or half a link behind. */
function clampMarkup(text: string, max: number): string {
  const cut = clamp(text, max);
  return cut === text ? text : `${cut.slice(0, -1).replace(/(?:&[a-z]*|<[^>]*)$/, '')}…`;
}

/** A message with its fallback: one text for notifications and old clients, which an edit takes no more than 4,000 of. */
export function message(text: string, blocks: readonly KnownBlock[]): Message {
  return { text: clampMarkup(text, 3000), blocks: blocks.slice(0, 50) };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, 150) };
}

export function section(text: string): SectionBlock {
  return { type: 'section', text: mrkdwn(text) };
}

/** Two columns on a desktop, a list on a phone: the order is the importance. At most ten. */
export function fields(pairs: readonly (readonly [label: string, text: string])[]): SectionBlock {
  return {
    type: 'section',
    fields: pairs.slice(0, 10).map(([label, text]) => mrkdwn(`*${label}*\n${text}`, 2000)),
  };
}

export function context(...texts: readonly string[]): ContextBlock {
  return { type: 'context', elements: texts.slice(0, 10).map((text) => mrkdwn(text)) };
}

export function actions(blockId: string, elements: readonly (Button | Overflow)[]): ActionsBlock {
  return { type: 'actions', block_id: blockId, elements: [...elements].slice(0, 25) };
}

/** `label`: a verb with its object, under 24 characters. `spoken`: what a screen reader says, where the label alone is not enough. */
export function button(
  actionId: string,
  label: string,
  {
    value,
    style,
    confirm,
    spoken,
    url,
  }: {
    readonly value?: string;
    readonly style?: 'primary' | 'danger';
    readonly confirm?: ConfirmationDialog;
    readonly spoken?: string;
    readonly url?: string;
  } = {},
): Button {
  return {
    type: 'button',
    action_id: actionId,
    text: plain(label),
    ...(value === undefined ? {} : { value }),
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined ? {} : { confirm }),
    ...(spoken === undefined ? {} : { accessibility_label: clamp(spoken, 75) }),
    ...(url === undefined ? {} : { url }),
  };
}

/** What a long press or the dots hold: one value an option. At most five. */
export function overflow(
  actionId: string,
  options: readonly { readonly label: string; readonly value: string }[],
): Overflow {
  return {
    type: 'overflow',
    action_id: actionId,
    options: options.slice(0, 5).map(({ label, value }) => ({ text: plain(label), value })),
  };
}

/** Only where the dialog adds a fact: a plain "are you sure" trains people to click through. */
export function confirmation(
  title: string,
  text: string,
  confirm: string,
  deny: string,
): ConfirmationDialog {
  return {
    title: plain(title, 100),
    text: plain(text, 300),
    confirm: plain(confirm, 30),
    deny: plain(deny, 30),
  };
}
