import type { KnownBlock, ModalView } from '@slack/types';

/** What is shown, and what stands for it in notifications and old clients. */
export type Message = { readonly text: string; readonly blocks: readonly KnownBlock[] };

/** A picture that a message is posted with. */
export type PictureOf = {
  readonly name: string;
  readonly title: string;
  /** For who does not see it. */
  readonly altText: string;
  readonly svg: () => string;
};

/**
 * What is said in Slack. Every call is bounded in time and made once: nothing is tried again here, as a lost reply of a
 * post would then make two messages. A message whose blocks Slack refuses is sent
 * once more without its picture, and then as plain text.
 * @throws SlackUnavailableError when Slack cannot be reached, fails or limits us; a later try may help, and what was
 * asked for may have happened.
 * @throws SlackRefusedError when Slack says no for good, such as `channel_not_found`; nothing happened.
 */
export type Messenger = {
  post(
    message: Message & {
      /** A channel, or a person's id: the direct message with them. */
      readonly channel: string;
      /** The root's `ts`; absent: a message of its own. */
      readonly threadTs?: string | undefined;
      /** Copies the reply into the channel, which marks it unread for everybody. */
      readonly broadcast?: boolean;
    },
  ): Promise<{ readonly ts: string }>;
  /** `gone`: somebody removed the message. `refused`: it is not ours to edit, or too old to be edited. */
  update(
    message: Message & { readonly channel: string; readonly ts: string },
  ): Promise<'updated' | 'gone' | 'refused'>;
  /**
   * Uploads a PNG that only we can show, in an image block with its id. It is there to be shown when this returns, as far
   * as waiting helps.
   */
  upload(picture: {
    readonly name: string;
    readonly title: string;
    readonly altText: string;
    readonly bytes: Uint8Array;
  }): Promise<{ readonly fileId: string }>;
  /** Shown to one person, who must be in the channel; best effort, gone when their client reloads. */
  ephemeral(
    message: Message & {
      readonly channel: string;
      readonly user: string;
      readonly threadTs?: string | undefined;
    },
  ): Promise<void>;
  /** Answers a click or a command through its `response_url`: five times within thirty minutes, to that person only. */
  respond(
    responseUrl: string,
    message: Message,
    options?: {
      /** Puts it in the place of what was clicked. */
      readonly replaceOriginal?: boolean;
      /** Keeps it in the thread that was clicked in; else it lands in the channel. */
      readonly threadTs?: string | undefined;
    },
  ): Promise<void>;
  /** Opens a modal, within three seconds of the click that gave the trigger. */
  openView(triggerId: string, view: ModalView): Promise<{ readonly viewId: string }>;
  /** New content for an open modal. `gone`: it was closed, or changed since `hash`. */
  updateView(viewId: string, view: ModalView, hash?: string): Promise<'updated' | 'gone'>;
};
