import type { WebClient } from '@slack/web-api';
import { SlackRefusedError } from '../../workflow/ports/slack-errors.ts';
import { calling } from './translate-error.ts';

/** What we may do in a channel; `unknown` is also one that hides from us. */
export type ChannelLook = 'usable' | 'unknown' | 'archived' | 'not-a-member';

/**
 * Looks whether a channel can be posted to, without posting.
 * @throws SlackRefusedError such as `missing_scope`: `channels:read`, for a private channel `groups:read`.
 * @throws SlackUnavailableError
 */
export async function lookAtChannel(client: WebClient, id: string): Promise<ChannelLook> {
  try {
    const { channel } = await calling('conversations.info', () =>
      client.conversations.info({ channel: id }),
    );
    if (channel?.is_archived === true) return 'archived';
    // A channel without the field is one where nothing says that we are in it.
    return channel?.is_member === true ? 'usable' : 'not-a-member';
  } catch (cause) {
    if (cause instanceof SlackRefusedError && cause.code === 'channel_not_found') return 'unknown';
    throw cause;
  }
}
