import type bolt from '@slack/bolt';
import type { ModalView } from '@slack/types';
import {
  approveModal,
  detailsModal,
  rejectModal,
  rollBackModal,
  snoozeModal,
} from '../../blocks/modals.ts';
import { refusalMessage } from '../../blocks/refusal.ts';
import { troubleMessage } from '../../blocks/trouble.ts';
import { environmentNamed } from '../../src/rollout/rollout.ts';
import type { SlackUserId } from '../../src/shared/ids.ts';
import type { ReadClick } from '../click.ts';
import { readClick } from '../click.ts';
import { nextWorkingMorning } from '../commands/when.ts';
import type { Handling } from '../handling.ts';
import { answerPerson } from '../intake.ts';
import type { Delivery, PersonRequest } from '../person-request.ts';
import { rollBackChoice } from '../roll-back-choice.ts';

/** Buttons that decide something at once: stored, acknowledged, decided. */
const deciding = ['approve', 'wake', 'pause', 'resume', 'accept-merge'] as const;
/** Buttons that open a modal: shown within three seconds, decided when it is submitted. */
const asking = ['reject', 'snooze', 'rollback', 'details'] as const;

/** The action ids of our buttons and menus. */
const ours = new RegExp(`^rollout:(${[...deciding, ...asking, 'more'].join('|')})$`);

/** One listener for all buttons: Bolt tries each of its listeners in turn, for every press. */
export function registerActions(app: bolt.App, handling: Handling): void {
  app.action(ours, async ({ ack, body, action }) => {
    const verb = ours.exec('action_id' in action ? action.action_id : '')?.[1];
    const click = readClick(body);
    const decides = deciding.find((one) => one === verb);
    if (decides !== undefined) {
      await takeIn(handling, click, requestOf(decides, click), ack);
      return;
    }
    const asks = asking.find((one) => one === verb);
    if (asks !== undefined) {
      await ack();
      await show(handling, click, asks);
      return;
    }
    if (click.choice === 'withdraw') {
      await takeIn(handling, click, requestOf('withdraw', click), ack);
      return;
    }
    if (click.choice !== 'note') throw new Error(`no such choice: ${click.choice}`);
    await ack();
    await show(handling, click, 'note');
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

/** @throws Error when a button that needs an environment carries none: it is not one of ours. */
function requestOf(
  verb: (typeof deciding)[number] | 'withdraw',
  { key, by }: ReadClick,
): PersonRequest {
  const { rolloutId: rollout, environment, ask } = key;
  switch (verb) {
    case 'approve':
    case 'withdraw':
      if (environment === undefined || ask === undefined) throw new Error(`${verb} without an ask`);
      return { kind: verb, rollout, environment, ask, by };
    case 'accept-merge':
      if (environment === undefined) throw new Error(`${verb} without an environment`);
      return { kind: verb, rollout, environment, by };
    case 'wake':
    case 'pause':
    case 'resume':
      return { kind: verb, rollout, by };
  }
}

/** Opens the modal, or says why there is none: the press is acknowledged already, so silence would look like success. */
async function show(
  handling: Handling,
  click: ReadClick,
  what: (typeof asking)[number] | 'note',
): Promise<void> {
  const { world, twins } = handling;
  const { deliveryKey, replyTo, triggerId } = click;
  try {
    const view = await viewFor(handling, click, what);
    if (view === undefined) {
      const none = refusalMessage({ code: 'closed' }, { names: new Map(), who: [] });
      await answerPerson(world, replyTo, deliveryKey, none);
    } else {
      await world.effects.run('show-modal', deliveryKey, (to) =>
        to.slack.openView(triggerId, view),
      );
    }
  } catch (cause) {
    world.log.warn({ what, cause }, 'modal not shown');
    await answerPerson(world, replyTo, deliveryKey, troubleMessage());
  }
  await twins.mend(click.key.rolloutId, replyTo);
}

/** `undefined` when there is nothing to ask about any more. */
async function viewFor(
  { world }: Handling,
  { key, by }: ReadClick,
  what: (typeof asking)[number] | 'note',
): Promise<ModalView | undefined> {
  const { rollout } = await world.journal.refresh(key.rolloutId);
  if (rollout === undefined) return undefined;
  const environment =
    key.environment === undefined ? undefined : environmentNamed(rollout, key.environment);
  switch (what) {
    case 'details': {
      const people = rollout.environments.flatMap(
        ({ ask }) => ask?.grants.map((grant) => grant.by) ?? [],
      );
      return detailsModal(rollout, await world.people.names(people));
    }
    case 'snooze':
      return rollout.outcome === undefined
        ? snoozeModal(
            key,
            rollout,
            nextWorkingMorning(world.clock.now(), await offsetOf(world, by)),
          )
        : undefined;
    case 'reject':
      return environment === undefined
        ? undefined
        : rejectModal(key, rollout, environment.policy.name);
    case 'note':
      return environment === undefined
        ? undefined
        : approveModal(key, rollout, environment.policy.name);
    case 'rollback': {
      const choice = rollBackChoice(rollout);
      return choice === undefined ? undefined : rollBackModal(key, rollout, choice);
    }
  }
}

async function offsetOf({ people }: Handling['world'], by: SlackUserId): Promise<number> {
  return people.utcOffsetMs(by);
}
