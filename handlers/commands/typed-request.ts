import type { Rollout } from '../../src/rollout/rollout.ts';
import type { SlackUserId } from '../../src/shared/ids.ts';
import type { ReplyTo } from '../person-request.ts';

/** Something typed to us, by a slash command or by mentioning the bot. */
export type TypedRequest = {
  readonly text: string;
  readonly by: SlackUserId;
  readonly deliveryKey: string;
  readonly replyTo: ReplyTo;
  /** Opens a modal within three seconds; a mention carries none. */
  readonly triggerId?: string;
  /** The open rollout of the thread it was typed in; absent where it was not typed in a thread. */
  readonly thread?: () => Promise<Rollout | undefined>;
};
