import type { JsonObject } from './blocks/check.ts';
import { type Mention, mentionsIn } from './mentions.ts';
import type { Stamps } from './stamps.ts';

/** A message as it is shown now. */
export type SlackMessage = {
  readonly ts: string;
  readonly channel: string;
  /** Who wrote it: our bot, or a person. */
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  /** The root's `ts`, on replies. */
  readonly threadTs?: string;
  /** The reply was copied into the channel. */
  readonly broadcast?: boolean;
  /** On ephemeral messages: the one person who sees it. */
  readonly onlyFor?: string;
  readonly metadata?: unknown;
  /** How often it was edited. */
  readonly edits: number;
  /** Whom the content, as it is shown now, mentions. */
  readonly mentions: readonly Mention[];
  /** Whom posting it notified; an edit never notifies. */
  readonly notified: readonly Mention[];
};

type Content = Pick<SlackMessage, 'text' | 'blocks'>;

export type Messages = ReturnType<typeof createMessages>;

/** All messages, in the order they were posted. `changed` is called after every change. */
export function createMessages(
  stamps: Stamps,
  changed: () => void,
  start: readonly SlackMessage[] = [],
) {
  const stored = new Map(start.map((message) => [keyOf(message), message]));
  // Ephemeral messages vanish when the client reloads, so they are not part of what is kept.
  const fleeting = new Map<string, SlackMessage>();

  const shelf = (message: SlackMessage) => (message.onlyFor === undefined ? stored : fleeting);

  return {
    all: (): readonly SlackMessage[] => [...stored.values()],
    ephemerals: (): readonly SlackMessage[] => [...fleeting.values()],
    find: (channel: string, ts: string) => stored.get(`${channel} ${ts}`),
    /** A message or ephemeral message by `ts` alone, which is unique here. */
    byTs: (ts: string) =>
      [...stored.values(), ...fleeting.values()].find((message) => message.ts === ts),

    post(
      message: Content & Omit<SlackMessage, 'ts' | 'edits' | 'mentions' | 'notified'>,
    ): SlackMessage {
      const mentions = mentionsIn(message.text, message.blocks);
      const posted = {
        ...message,
        ts: stamps.ts(),
        blocks: message.blocks.map((block) => named(block, stamps)),
        edits: 0,
        mentions,
        notified: mentions,
      };
      shelf(posted).set(keyOf(posted), posted);
      changed();
      return posted;
    },

    update(old: SlackMessage, { text, blocks }: Content, broadcast = false): SlackMessage {
      const next = {
        ...old,
        text,
        blocks: blocks.map((block) => named(block, stamps)),
        ...(broadcast ? { broadcast } : {}),
        edits: old.edits + 1,
        mentions: mentionsIn(text, blocks),
      };
      shelf(old).set(keyOf(old), next);
      changed();
      return next;
    },

    remove(message: SlackMessage): void {
      shelf(message).delete(keyOf(message));
      changed();
    },
  };
}

function keyOf({ channel, ts }: { readonly channel: string; readonly ts: string }): string {
  return `${channel} ${ts}`;
}

/** Slack names every block and element that came without a name. */
export function named(block: JsonObject, stamps: Stamps): JsonObject {
  const withAction = (one: JsonObject) =>
    one['type'] === 'image' || one['action_id'] !== undefined
      ? one
      : { ...one, action_id: stamps.id('') };
  return {
    ...block,
    block_id: block['block_id'] ?? stamps.id(''),
    ...(block['accessory'] === undefined
      ? {}
      : { accessory: withAction(block['accessory'] as JsonObject) }),
    ...(block['type'] === 'input' ? { element: withAction(block['element'] as JsonObject) } : {}),
    ...(block['type'] === 'actions' || block['type'] === 'context_actions'
      ? { elements: (block['elements'] as readonly JsonObject[]).map(withAction) }
      : {}),
    ...(block['child_blocks'] === undefined
      ? {}
      : {
          child_blocks: (block['child_blocks'] as readonly JsonObject[]).map((child) =>
            named(child, stamps),
          ),
        }),
  };
}
