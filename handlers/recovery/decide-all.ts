import type { Message } from '../../blocks/block-kit.ts';
import { second } from '../../src/shared/time.ts';
import { answerTo } from '../answers.ts';
import type { Handling } from '../handling.ts';
import { answerPerson } from '../intake.ts';
import type { Delivery, RolloutRequest } from '../person-request.ts';

/** Slack waits three seconds for a modal; what is not decided by then is told in ephemeral messages instead. */
const decideWithinMs = 2 * second;

/**
 * Decides one modal's requests about several rollouts, each stored before the modal is acknowledged, and each by itself:
 * that one is refused stops no other. Whoever was refused some of it is told which, in each thread.
 * @returns why, where every one of them was refused in time: to be told in the modal.
 */
export async function decideAll(
  { world, intake }: Pick<Handling, 'world' | 'intake'>,
  deliveryKey: string,
  requests: readonly RolloutRequest[],
): Promise<Message | undefined> {
  let waited = true;
  const decisions: Promise<
    | {
        readonly said: Message | undefined;
        readonly delivery: Delivery;
      }
    | undefined
  >[] = [];
  for (const request of requests) {
    const key = `${deliveryKey} ${request.rollout}`;
    const slots = await world.store.slots.list(request.rollout);
    const threadTs = slots.find(({ name }) => name === 'card')?.ts;
    const delivery: Delivery = {
      request,
      replyTo: {
        channel: world.fleet.channel,
        user: request.by,
        ...(threadTs === undefined ? {} : { threadTs }),
      },
    };
    if (!(await intake.store(key, delivery))) continue;
    const decided = intake.process(key, delivery, ({ refusal }) => waited && refusal !== undefined);
    decisions.push(
      decided.then(async (outcome) =>
        outcome?.refusal === undefined
          ? undefined
          : { delivery, said: await answerTo(world, delivery, outcome) },
      ),
    );
  }
  const all = Promise.all(decisions);
  const done = await Promise.race([all, late()]);
  waited = false;
  if (done === 'late') return undefined;
  const refused = done.flatMap((one) => one ?? []);
  if (refused.length === done.length) return refused[0]?.said;
  for (const { said, delivery } of refused)
    await answerPerson(world, delivery.replyTo, `${deliveryKey} refused`, said);
  return undefined;
}

/** In real time: Slack's clock is not ours to run. */
function late(): Promise<'late'> {
  return new Promise((resolve) => {
    setTimeout(() => resolve('late'), decideWithinMs).unref();
  });
}
