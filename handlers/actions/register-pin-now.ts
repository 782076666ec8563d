import type bolt from '@slack/bolt';
import { z } from 'zod';
import type { Message } from '../../blocks/block-kit.ts';
import { noCheckMessage } from '../../blocks/detection.ts';
import { pinnedNowMessage } from '../../blocks/pinned-now.ts';
import { ReleaseId, type SlackUserId } from '../../src/shared/ids.ts';
import { pinNow } from '../../src/workflow/unapproved/pin-now.ts';
import { readPress } from '../click.ts';
import type { Handling } from '../handling.ts';
import { answerPerson } from '../intake.ts';

const PinKey = z.object({ cluster: z.string().max(200), release: ReleaseId });

/** Of a rule that names nobody only this is left: whether somebody counts as one of us at all. */
const nobody = { users: [], groups: [], count: 1 };

/** "Pin it now": proposes it, which decides nothing; the environment's approvers do. */
export function registerPinNow(app: bolt.App, handling: Handling): void {
  app.action('images:pin', async ({ ack, body }) => {
    await ack();
    const { deliveryKey, by, value, replyTo } = readPress(body);
    const key = PinKey.parse(JSON.parse(value));
    const answer = await proposed(handling, key, by);
    await answerPerson(handling.world, replyTo, deliveryKey, answer);
  });
}

async function proposed(
  { world, caretaker }: Pick<Handling, 'world' | 'caretaker'>,
  { cluster, release }: z.infer<typeof PinKey>,
  by: SlackUserId,
): Promise<Message> {
  const may = await world.people.authority(by, nobody);
  if (may === 'guest-or-bot' || may === 'unknown') return noCheckMessage(may);
  try {
    const done = await pinNow(world, cluster, release, by);
    if (done.kind === 'opened') await caretaker.wake(done.rollout);
    return pinnedNowMessage(done, { cluster, release });
  } catch (cause) {
    world.log.warn({ cluster, cause }, 'not pinned');
    const why = 'GitHub, AWS or the cluster did not answer. Nothing was proposed; please try again';
    return pinnedNowMessage({ kind: 'refused', why }, { cluster, release });
  }
}
