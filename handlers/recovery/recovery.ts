import { section } from '../../blocks/block-kit.ts';
import { inputs } from '../../blocks/modal.ts';
import { plainOf } from '../../blocks/plain-of.ts';
import type { RecoveryChoice } from '../../blocks/recovery-modal.ts';
import { recoveryModal, recoveryOption } from '../../blocks/recovery-modal.ts';
import { refusalMessage } from '../../blocks/refusal.ts';
import { troubleMessage } from '../../blocks/trouble.ts';
import type { RolloutId } from '../../src/shared/ids.ts';
import { readPress } from '../click.ts';
import type { Handling } from '../handling.ts';
import { answerPerson } from '../intake.ts';
import { refusedAtClick } from '../leave-to-ask.ts';
import { refuseAtClick } from '../refuse-at-click.ts';
import { readFilled } from '../submission.ts';
import { decideAll } from './decide-all.ts';
import { recallFound, recoveryChoice } from './found.ts';

const foundTooLongAgo =
  'That was found more than an hour ago, and nodes moved on since. Ask `/ami where` again.';

/** The button of the recovery card. */
export async function openRecovery(
  handling: Handling,
  body: unknown,
  ack: () => Promise<void>,
): Promise<void> {
  await ack();
  await open(handling, readPress(body));
}

/** The recovery card: clusters of several rollouts, taken back by one reason and one press. */
export async function submitRecovery(
  handling: Handling,
  body: unknown,
  ack: (answer?: ReturnType<typeof errors>) => Promise<void>,
): Promise<void> {
  const { world } = handling;
  const { by, deliveryKey, metadata, choices, text, ticked } = readFilled(body);
  const found = await recallFound(world, metadata);
  if (found === undefined) {
    await ack(errors(inputs.clusters.block, foundTooLongAgo));
    return;
  }
  const reason = text('reason');
  if (reason.length < 10) {
    await ack(errors(inputs.reason.block, 'At least 10 characters: everybody reads it.'));
    return;
  }
  const chosen = chosenOf(await recoveryChoice(world, found), choices('clusters'));
  if (chosen.size === 0) {
    await ack(errors(inputs.clusters.block, 'Choose at least one cluster.'));
    return;
  }
  const refused = await decideAll(
    handling,
    deliveryKey,
    [...chosen].map(([rollout, clusters]) => ({
      kind: 'roll-back' as const,
      rollout,
      by,
      reason,
      clusters,
      ...(ticked('bad') ? { markBad: true } : {}),
    })),
  );
  if (refused === undefined) await ack();
  else await ack(errors(inputs.reason.block, plainOf(refused.text)));
}

function errors(block: string, text: string) {
  return { response_action: 'errors' as const, errors: { [block]: text } };
}

/** Chosen clusters by rollout; what is no longer there to choose is left out. */
function chosenOf(
  { clusters }: RecoveryChoice,
  values: readonly string[],
): ReadonlyMap<RolloutId, string[]> {
  const chosen = new Map<RolloutId, string[]>();
  for (const { rollout, cluster } of clusters) {
    if (!values.includes(recoveryOption(rollout, cluster))) continue;
    chosen.set(rollout, [...(chosen.get(rollout) ?? []), cluster]);
  }
  return chosen;
}

/** Opens the modal with what the asker may take back, or says why there is none. */
async function open(
  { world }: Handling,
  { value, by, deliveryKey, triggerId, replyTo }: ReturnType<typeof readPress>,
): Promise<void> {
  const say = (text: string) =>
    answerPerson(world, replyTo, deliveryKey, { text, blocks: [section(text)] });
  try {
    const found = await recallFound(world, value);
    if (found === undefined) {
      await say(foundTooLongAgo);
      return;
    }
    const looks = await Promise.all(
      found.map(async (one) => {
        const { rollout } = await world.journal.refresh(one.rollout);
        const key = { rolloutId: one.rollout };
        const no = rollout && (await refusedAtClick(world, rollout, { key, by }, 'rollback'));
        return { one, key, no };
      }),
    );
    const refused = looks.flatMap(({ key, no }) => (no === undefined ? [] : [{ key, no }]));
    const [first] = refused;
    if (first !== undefined && refused.length === looks.length) {
      await refuseAtClick(world, { key: first.key, by, deliveryKey, replyTo }, first.no);
      return;
    }
    const choice = await recoveryChoice(
      world,
      looks.flatMap(({ one, no }) => (no === undefined ? [one] : [])),
    );
    const notTheirs = looks.flatMap(({ one, no }) =>
      no === undefined
        ? []
        : one.clusters.map((cluster) => ({ cluster, why: 'others may take it back' })),
    );
    if (choice.clusters.length === 0) {
      const code = choice.leftOut.length > 0 ? 'no-way-back' : 'nothing-to-roll-back';
      await answerPerson(
        world,
        replyTo,
        deliveryKey,
        refusalMessage({ code }, { names: new Map(), who: [] }),
      );
      return;
    }
    const view = recoveryModal(value, {
      ...choice,
      leftOut: [...choice.leftOut, ...notTheirs],
    });
    await world.effects.run('show-modal', deliveryKey, (to) => to.slack.openView(triggerId, view));
  } catch (cause) {
    world.log.warn({ cause }, 'recovery card not shown');
    await answerPerson(world, replyTo, deliveryKey, troubleMessage());
  }
}
