import type { Message } from '../blocks/block-kit.ts';
import { detectionMessage, noCheckMessage } from '../blocks/detection.ts';
import type { SlackUserId } from '../src/shared/ids.ts';
import type { Handling } from './handling.ts';

/** Of a rule that names nobody only this is left: whether somebody counts as one of us at all. */
const nobody = { users: [], groups: [], count: 1 };

/** A look for new releases on somebody's behalf; guests, bots and strangers get none. */
export async function checkNow(
  { world, detectNow }: Pick<Handling, 'world' | 'detectNow'>,
  by: SlackUserId,
): Promise<Message> {
  const may = await world.people.authority(by, nobody);
  if (may === 'guest-or-bot' || may === 'unknown') return noCheckMessage(may);
  return detectionMessage(await detectNow());
}
