import type { KnownBlock } from '@slack/types';
import { clamp } from '../../shared/text.ts';
import type { Message, Messenger } from '../../workflow/ports/messenger.ts';
import { SlackRefusedError } from '../../workflow/ports/slack-errors.ts';
import type { SlackClients } from './clients.ts';
import { respondTo } from './respond.ts';
import type { Log } from './sdk-logger.ts';
import { calling } from './translate-error.ts';
import { uploadPicture } from './upload-picture.ts';

/** Slack asks for at most 4,000 characters, and `chat.update` refuses more. */
const mostText = 4_000;
const mostSection = 3_000;

/** Answers to a message that Slack cannot draw. */
const undrawable = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long']);

export function createMessenger({
  clients: { ui, post },
  log,
  sleep = () => Promise.resolve(),
}: {
  readonly clients: Pick<SlackClients, 'ui' | 'post'>;
  readonly log: Log;
  /** While Slack looks at an upload; absent: nobody waits. */
  readonly sleep?: (ms: number) => Promise<void>;
}): Messenger {
  /** Sends it as drawn; where Slack refuses the blocks, without its picture, then as text: a plain message beats none. */
  const drawn = async <T>(message: Message, send: (content: Content) => Promise<T>): Promise<T> => {
    try {
      return await send(content(message));
    } catch (error) {
      if (!(error instanceof SlackRefusedError) || !undrawable.has(error.code)) throw error;
      const bare = withoutPictures(message);
      if (bare.blocks.length < message.blocks.length) {
        log.warn({ error: error.message }, 'slack refused a picture');
        return drawn(bare, send);
      }
      log.error({ error: error.message, text: message.text }, 'slack refused our blocks');
      return send(content(plainly(message)));
    }
  };

  return {
    async post({ channel, threadTs, broadcast, ...message }) {
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
      const loud = threadTs !== undefined && broadcast === true ? { reply_broadcast: true } : {};
      const { ts } = await drawn(message, (said) =>
        calling('chat.postMessage', () =>
          post.chat.postMessage({
            channel,
            ...said,
            unfurl_links: false,
            unfurl_media: false,
            ...(thread as { thread_ts: string }),
            ...(loud as { reply_broadcast: true }),
          }),
        ),
      );
      if (ts === undefined) throw new Error('chat.postMessage answered without a ts');
      return { ts };
    },

    async update({ channel, ts, ...message }) {
      try {
        await drawn(message, (said) =>
          calling('chat.update', () => post.chat.update({ channel, ts, ...said })),
        );
        return 'updated';
      } catch (error) {
        return outcomeOf(error, {
          gone: ['message_not_found'],
          refused: ['cant_update_message', 'edit_window_closed'],
        });
      }
    },

    upload: (picture) => uploadPicture(post, picture, sleep),

    async ephemeral({ channel, user, threadTs, ...message }) {
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
      await drawn(message, (said) =>
        calling('chat.postEphemeral', () =>
          ui.chat.postEphemeral({ channel, user, ...said, ...thread }),
        ),
      );
    },

    async respond(responseUrl, message, { replaceOriginal = false, threadTs } = {}) {
      await drawn(message, (said) =>
        respondTo(responseUrl, {
          ...said,
          response_type: 'ephemeral',
          replace_original: replaceOriginal,
          ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
        }),
      );
    },

    async openView(triggerId, view) {
      const opened = await calling('views.open', () =>
        ui.views.open({ trigger_id: triggerId, view }),
      );
      return { viewId: opened.view?.id ?? '' };
    },

    async updateView(viewId, view, hash) {
      try {
        const same = hash === undefined ? {} : { hash };
        await calling('views.update', () => ui.views.update({ view_id: viewId, view, ...same }));
        return 'updated';
      } catch (error) {
        return outcomeOf(error, { gone: ['not_found', 'hash_conflict'] });
      }
    },
  };
}

type Content = { readonly text: string; readonly blocks: KnownBlock[] };

function content({ text, blocks }: Message): Content {
  return { text: clamp(text, mostText), blocks: [...blocks] };
}

/** Slack shows no picture that it still looks at, and refuses the message with it. */
function withoutPictures({ text, blocks }: Message): Message {
  return { text, blocks: blocks.filter((block) => !('slack_file' in block)) };
}

/** The fallback text as the whole message; its markup is the same in both places. */
function plainly({ text }: Message): Message {
  const section = clamp(text, mostSection);
  return {
    text,
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: section, verbatim: true } }],
  };
}

/** The outcome a refusal stands for; any other error goes on. */
function outcomeOf<Outcome extends string>(
  error: unknown,
  outcomes: Readonly<Record<Outcome, readonly string[]>>,
): Outcome {
  const code = error instanceof SlackRefusedError ? error.code : '';
  for (const outcome of Object.keys(outcomes) as Outcome[]) {
    if (outcomes[outcome].includes(code)) return outcome;
  }
  throw error;
}
