import type { ModalView } from '@slack/types';
import type { CardKey } from '../blocks/card-key.ts';
import { approveModal, detailsModal, rejectModal, snoozeModal } from '../blocks/modals.ts';
import { refusalMessage } from '../blocks/refusal.ts';
import { rollBackModal } from '../blocks/roll-back-modal.ts';
import { troubleMessage } from '../blocks/trouble.ts';
import type { RefusalCode } from '../src/rollout/refusal.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { environmentNamed } from '../src/rollout/rollout.ts';
import type { SlackUserId } from '../src/shared/ids.ts';
import { nextWorkingMorning } from './commands/when.ts';
import type { Handling } from './handling.ts';
import { answerPerson } from './intake.ts';
import { refusedAtClick } from './leave-to-ask.ts';
import type { ModalName } from './modal-name.ts';
import type { ReplyTo } from './person-request.ts';
import { refuseAtClick } from './refuse-at-click.ts';
import { rollBackChoice } from './roll-back-choice.ts';

/** Somebody who pressed or typed what needs a modal. */
export type ModalRequest = {
  readonly key: CardKey;
  readonly by: SlackUserId;
  readonly deliveryKey: string;
  /** Good for three seconds. */
  readonly triggerId: string;
  readonly replyTo: ReplyTo;
  /** What was typed already as the reason. */
  readonly reason?: string;
};

/** Opens the modal, or says why there is none: the press is acknowledged already, so silence would look like success. */
export async function openModal(
  handling: Handling,
  asked: ModalRequest,
  what: ModalName,
): Promise<void> {
  const { world } = handling;
  const { deliveryKey, replyTo, triggerId } = asked;
  try {
    const { rollout } = await world.journal.refresh(asked.key.rolloutId);
    const no =
      rollout === undefined ? undefined : await refusedAtClick(world, rollout, asked, what);
    if (no !== undefined) {
      await refuseAtClick(world, asked, no);
      return;
    }
    const view = await viewFor(handling, rollout, asked, what);
    if (typeof view === 'string') {
      const none = refusalMessage({ code: view }, { names: new Map(), who: [] });
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
}

/** The modal, or why there is nothing to ask about (any more). */
async function viewFor(
  { world }: Handling,
  rollout: Rollout | undefined,
  { key, by, reason }: ModalRequest,
  what: ModalName,
): Promise<ModalView | RefusalCode> {
  if (rollout === undefined) return 'closed';
  const environment =
    key.environment === undefined ? undefined : environmentNamed(rollout, key.environment);
  switch (what) {
    case 'details': {
      const people = rollout.environments.flatMap(
        ({ ask }) => ask?.grants.map((grant) => grant.by) ?? [],
      );
      const { forecasts } = world.sightings(rollout.id);
      return detailsModal(rollout, await world.people.names(people), forecasts);
    }
    case 'snooze':
      return rollout.outcome === undefined
        ? snoozeModal(
            key,
            rollout,
            nextWorkingMorning(world.clock.now(), await world.people.utcOffsetMs(by)),
          )
        : 'closed';
    case 'reject':
      return environment === undefined
        ? 'closed'
        : rejectModal(key, rollout, environment.policy.name);
    case 'note':
      return environment === undefined
        ? 'closed'
        : approveModal(key, rollout, environment.policy.name);
    case 'rollback': {
      const choice = rollBackChoice(rollout);
      if (choice.clusters.length > 0) return rollBackModal(key, rollout, choice, reason);
      return choice.leftOut.length > 0 ? 'no-way-back' : 'nothing-to-roll-back';
    }
  }
}
