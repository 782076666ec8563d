import type { CardKey } from '../blocks/card-key.ts';
import type { SlackUserId } from '../src/shared/ids.ts';
import type { World } from '../src/workflow/world.ts';
import { answerTo } from './answers.ts';
import { answerPerson } from './intake.ts';
import type { RefusedAtClick } from './leave-to-ask.ts';
import type { ReplyTo } from './person-request.ts';

/** Whose press is refused. */
export type Pressed = {
  readonly key: CardKey;
  readonly by: SlackUserId;
  readonly deliveryKey: string;
  readonly replyTo: ReplyTo;
};

/** Told at once, with who could; and on record as every other attempt is. */
export async function refuseAtClick(
  world: World,
  { key, by, deliveryKey, replyTo }: Pressed,
  { code, request, wanted, rule }: RefusedAtClick,
): Promise<void> {
  const { rolloutId, environment, ask } = key;
  const { refusal = { code }, stored } = await world.journal.execute(
    rolloutId,
    {
      type: 'RecordAttempt',
      by,
      wanted,
      ...(environment === undefined ? {} : { environment }),
      ...(ask === undefined ? {} : { ask }),
      reason: code,
      now: world.clock.now(),
    },
    { actor: { kind: 'slack', id: by }, cause: deliveryKey },
  );
  const outcome = { refusal, stored, ...(rule === undefined ? {} : { rule }) };
  await answerPerson(
    world,
    replyTo,
    deliveryKey,
    await answerTo(world, { request, replyTo }, outcome),
  );
}
