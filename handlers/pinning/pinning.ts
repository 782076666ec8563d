import { z } from 'zod';
import { ReleaseId, SlackUserId } from '../../src/shared/ids.ts';
import { ReplyTo } from '../person-request.ts';

/** What the button carries: of which cluster, and what all its nodes ran when it was drawn. */
export const PinKey = z.object({ cluster: z.string().max(200), release: ReleaseId });

/** A press of "Pin it now", as it waits in the inbox. */
export const Pinning = z.object({
  pin: PinKey.extend({ by: SlackUserId }),
  replyTo: ReplyTo,
});
export type Pinning = z.infer<typeof Pinning>;
