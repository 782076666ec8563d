import { section } from '../blocks/block-kit.ts';
import type { RolloutId } from '../src/shared/ids.ts';
import { mrkdwnLink } from '../src/shared/link.ts';
import type { World } from '../src/workflow/world.ts';
import type { ReplyTo } from './person-request.ts';

/**
 * Slack has no key that makes a post happen once, so a lost reply can leave a second card. Its buttons work; the first
 * click on it turns it into a pointer to the card that is kept true.
 */
export function createTwins(
  world: Pick<World, 'store' | 'effects' | 'log'>,
  cardUrl: (id: RolloutId) => Promise<string | undefined>,
) {
  return {
    async mend(id: RolloutId, { channel, messageTs }: ReplyTo): Promise<void> {
      if (messageTs === undefined) return;
      const slots = await world.store.slots.list(id);
      const card = slots.find(({ name }) => name === 'card');
      if (card?.ts === undefined || card.ts === messageTs) return;
      // Ephemeral answers and other messages of ours have buttons too: only a message in the home channel is a twin.
      if (channel !== card.channel || slots.some(({ ts }) => ts === messageTs)) return;
      const url = await cardUrl(id);
      const other = url === undefined ? 'the other one' : mrkdwnLink('this one', url);
      const text = `This card was posted twice; ${other} is kept up to date.`;
      try {
        await world.effects.run('edit-message', `${id} twin ${messageTs}`, (to) =>
          to.slack.update({ channel, ts: messageTs, text, blocks: [section(text)] }),
        );
      } catch (cause) {
        world.log.warn({ rollout: id, cause }, 'twin not mended');
      }
    },
  };
}
