import type bolt from '@slack/bolt';
import type { ReadClick } from '../click.ts';
import { readClick } from '../click.ts';
import type { Handling } from '../handling.ts';
import type { ModalName } from '../modal-name.ts';
import { openModal } from '../open-modal.ts';
import type { Delivery, PersonRequest } from '../person-request.ts';
import { openRecovery } from '../recovery/recovery.ts';
import { pinNow } from './pin-now.ts';

/** Buttons that decide something at once: stored, acknowledged, decided. */
const deciding = [
  'approve',
  'withdraw',
  'wake',
  'pause',
  'brake',
  'resume',
  'accept-merge',
  'merge',
  'sync',
] as const;
/** Buttons that open a modal: shown within three seconds, decided when it is submitted. */
const asking = ['reject', 'snooze', 'rollback', 'details'] as const;

const pinId = 'images:pin';
const recoveryId = 'recovery:open';
/** The action ids of our buttons and menus. */
const ours = new RegExp(
  `^(?:${pinId}|${recoveryId}|rollout:(${[...deciding, ...asking, 'more'].join('|')}))$`,
);

/** One listener for all buttons: Bolt tries each of its listeners in turn, for every press. */
export function registerActions(app: bolt.App, handling: Handling): void {
  app.action(ours, async ({ ack, body, action }) => {
    const id = 'action_id' in action ? action.action_id : '';
    if (id === pinId) return pinNow(handling, body, ack);
    if (id === recoveryId) return openRecovery(handling, body, ack);
    const verb = ours.exec(id)?.[1];
    const click = readClick(body);
    const decides = deciding.find((one) => one === verb);
    if (decides !== undefined) {
      await takeIn(handling, click, requestOf(decides, click), ack);
      return;
    }
    const asks = asking.find((one) => one === verb);
    if (asks !== undefined) {
      await ack();
      await ask(handling, click, asks);
      return;
    }
    if (click.choice === 'withdraw') {
      await takeIn(handling, click, requestOf('withdraw', click), ack);
      return;
    }
    if (click.choice !== 'note') throw new Error(`no such choice: ${click.choice}`);
    await ack();
    await ask(handling, click, 'note');
  });
}

/** One durable write, then the acknowledgement, then everything slow. */
async function takeIn(
  { intake, twins }: Handling,
  click: ReadClick,
  request: PersonRequest,
  ack: () => Promise<void>,
): Promise<void> {
  const delivery: Delivery = { request, replyTo: click.replyTo };
  const fresh = await intake.store(click.deliveryKey, delivery);
  await ack();
  if (!fresh) return;
  await intake.process(click.deliveryKey, delivery);
  await twins.mend(click.key.rolloutId, click.replyTo);
}

/** Shown within three seconds of the press; the click may have been on a second card. */
async function ask(handling: Handling, click: ReadClick, what: ModalName): Promise<void> {
  await openModal(handling, click, what);
  await handling.twins.mend(click.key.rolloutId, click.replyTo);
}

/** @throws Error when a button that needs an environment carries none: it is not one of ours. */
function requestOf(verb: (typeof deciding)[number], { key, by }: ReadClick): PersonRequest {
  const { rolloutId: rollout, environment, ask, cluster } = key;
  switch (verb) {
    case 'approve':
    case 'withdraw':
    case 'merge':
      if (environment === undefined || ask === undefined) throw new Error(`${verb} without an ask`);
      return { kind: verb, rollout, environment, ask, by };
    case 'accept-merge':
      if (environment === undefined) throw new Error(`${verb} without an environment`);
      return { kind: verb, rollout, environment, by };
    case 'sync':
      if (environment === undefined || cluster === undefined)
        throw new Error(`${verb} without a cluster`);
      return { kind: verb, rollout, environment, cluster, by };
    case 'wake':
    case 'pause':
    case 'brake':
    case 'resume':
      return { kind: verb, rollout, by };
  }
}
