import type { Message } from '../../blocks/block-kit.ts';
import { helpMessage, unknownCommand } from '../../blocks/help.ts';
import { troubleMessage } from '../../blocks/trouble.ts';
import { checkNow } from '../check-now.ts';
import { digestNow } from '../digest-now.ts';
import type { Handling } from '../handling.ts';
import { history } from '../history.ts';
import { openModal } from '../open-modal.ts';
import type { Delivery } from '../person-request.ts';
import { checkUpgrade } from '../upgrade-check.ts';
import { where } from '../where.ts';
import type { Typed } from './grammar.ts';
import { parseTyped } from './grammar.ts';
import { requestOf } from './request-of.ts';
import { status } from './status.ts';
import type { TypedRequest } from './typed-request.ts';

/**
 * Answers what somebody typed, a failure after the acknowledgement included. What decides something is stored before it is acknowledged, then decided like a click.
 * @returns what to tell the asker; `undefined` when the intake tells them.
 */
export async function answerTyped(
  handling: Handling,
  request: TypedRequest,
  ack: () => Promise<void>,
): Promise<Message | undefined> {
  let acknowledged = false;
  try {
    return await answer(handling, request, async () => {
      await ack();
      acknowledged = true;
    });
  } catch (cause) {
    // Unacknowledged, Slack itself tells the person that it failed.
    if (!acknowledged && request.replyTo.responseUrl !== undefined) throw cause;
    handling.world.log.warn({ cause }, 'typed request not answered');
    return troubleMessage();
  }
}

async function answer(
  handling: Handling,
  request: TypedRequest,
  ack: () => Promise<void>,
): Promise<Message | undefined> {
  const parsed = parseTyped(request.text);
  if (parsed.kind === 'unknown') {
    await ack();
    return unknownCommand(parsed.word, parsed.nearest);
  }
  const { typed } = parsed;
  switch (typed.verb) {
    case 'help':
      await ack();
      return helpMessage();
    case 'status':
      await ack();
      return status(handling);
    case 'digest':
      await ack();
      return digestNow(handling);
    case 'check':
      await ack();
      return checkNow(handling, request.by);
    case 'history':
      await ack();
      return history(handling, typed.rest);
    case 'where':
      await ack();
      return where(handling, typed.rest, request.deliveryKey);
    case 'upgrade-check':
      await ack();
      return checkUpgrade(handling, typed.rest);
    case 'show':
    case 'approve':
    case 'reject':
    case 'snooze':
    case 'wake':
    case 'switch':
    case 'pause':
    case 'brake':
    case 'resume':
    case 'rollback':
    case 'expedite':
    case 'freeze':
    case 'unfreeze':
    case 'hold':
    case 'unhold':
    case 'bad':
    case 'good':
      return steer(handling, request, typed, ack);
  }
}

async function steer(
  handling: Handling,
  request: TypedRequest,
  typed: Typed,
  ack: () => Promise<void>,
): Promise<Message | undefined> {
  const { intake } = handling;
  const made = await requestOf(handling, request, typed);
  if ('say' in made) {
    await ack();
    return made.say;
  }
  if ('modal' in made) {
    await ack();
    await openModal(handling, { ...request, ...made }, made.modal);
    return undefined;
  }
  const delivery: Delivery = { request: made.request, replyTo: request.replyTo };
  const fresh = await intake.store(request.deliveryKey, delivery);
  await ack();
  if (fresh) await intake.process(request.deliveryKey, delivery);
  return undefined;
}
