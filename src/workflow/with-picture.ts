import type { Message, PictureOf } from './ports/messenger.ts';
import type { World } from './world.ts';

/**
 * The message with its picture below, or as it is where that could not be drawn or uploaded: it says all of it in words.
 * A picture that was uploaded and then not posted is seen by nobody, and uploaded anew.
 */
export async function withPicture(
  { effects, draw, log }: Pick<World, 'effects' | 'draw' | 'log'>,
  key: string,
  message: Message,
  { name, title, altText, svg }: PictureOf,
): Promise<Message> {
  if (draw === undefined) return message;
  try {
    const bytes = await draw(svg());
    const { fileId } = await effects.run('upload-picture', key, (to) =>
      to.slack.upload({ name, title, altText, bytes }),
    );
    const image = { type: 'image', slack_file: { id: fileId }, alt_text: altText } as const;
    return { ...message, blocks: [...message.blocks, image] };
  } catch (cause) {
    log.warn({ key, cause }, 'posted without its picture');
    return message;
  }
}
