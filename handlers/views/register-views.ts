import type bolt from '@slack/bolt';
import { inputs, modalIds } from '../../blocks/modal.ts';
import { plainOf } from '../../blocks/plain-of.ts';
import { rollBackScope } from '../../blocks/roll-back-scope.ts';
import { minute, second } from '../../src/shared/time.ts';
import { answerTo } from '../answers.ts';
import type { Handling } from '../handling.ts';
import type { Delivery } from '../person-request.ts';
import { PersonRequest } from '../person-request.ts';
import { submitRecovery } from '../recovery/recovery.ts';
import type { ReadSubmission } from '../submission.ts';
import { readSubmission } from '../submission.ts';

/** Slack waits three seconds; what is not decided by then is told in an ephemeral message instead. */
const decideWithinMs = 2 * second;

/** One listener for all modals: Bolt tries each of its listeners in turn, for every press of a button too. */
const ours = new RegExp(
  `^(${[modalIds.reject, modalIds.approve, modalIds.snooze, modalIds.rollBack, modalIds.recovery].join('|')})$`,
);

export function registerViews(app: bolt.App, handling: Handling): void {
  app.view(ours, async ({ ack, body, view }) => {
    const { callback_id: callbackId } = view;
    if (callbackId === modalIds.recovery)
      return submitRecovery(handling, body, (no) => (no === undefined ? ack() : ack(no)));
    const submitted = readSubmission(body);
    const asked = requestOf(callbackId, submitted, handling);
    if (!asked.success) {
      // Keyed by block: Slack shows it under the field, and what was typed stays.
      await ack({ response_action: 'errors', errors: asked.errors });
      return;
    }
    const { rolloutId } = submitted.key;
    const card = await handling.world.store.slots.list(rolloutId);
    const threadTs = card.find(({ name }) => name === 'card')?.ts;
    const delivery: Delivery = {
      request: asked.request,
      replyTo: {
        channel: handling.world.fleet.channel,
        user: submitted.by,
        ...(threadTs === undefined ? {} : { threadTs }),
      },
    };
    if (!(await handling.intake.store(submitted.deliveryKey, delivery))) {
      await ack();
      return;
    }
    let waited = true;
    const decided = handling.intake.process(
      submitted.deliveryKey,
      delivery,
      ({ refusal }) => waited && refusal !== undefined,
    );
    const outcome = await Promise.race([decided, after(decideWithinMs)]);
    waited = false;
    if (outcome === 'late' || outcome?.refusal === undefined) await ack();
    else {
      const said = await answerTo(handling.world, delivery, outcome);
      await ack({
        response_action: 'errors',
        errors: {
          [firstBlock[callbackId] ?? inputs.reason.block]: plainOf(said?.text ?? 'It was refused.'),
        },
      });
    }
    await decided;
  });
}

/** Where an error is shown: the input that is always there. */
const firstBlock: Readonly<Record<string, string>> = {
  [modalIds.reject]: inputs.reason.block,
  [modalIds.approve]: inputs.note.block,
  [modalIds.snooze]: inputs.until.block,
  [modalIds.rollBack]: inputs.reason.block,
};

type Asked =
  | { readonly success: true; readonly request: PersonRequest }
  | { readonly success: false; readonly errors: Record<string, string> };

function requestOf(callbackId: string, submitted: ReadSubmission, { world }: Handling): Asked {
  const { key, by } = submitted;
  const { rolloutId: rollout, environment, ask } = key;
  const reason = submitted.text('reason');
  if (callbackId === modalIds.snooze) {
    const seconds = submitted.time('until');
    const until = (seconds ?? 0) * second;
    if (until <= world.clock.now() + minute) {
      return { success: false, errors: { [inputs.until.block]: 'Pick a time in the future.' } };
    }
    return parsed({
      kind: 'snooze',
      rollout,
      by,
      until,
      ...(reason === '' ? {} : { why: reason }),
    });
  }
  if (callbackId === modalIds.rollBack) {
    if (reason.length < 10) return tooShort;
    const chosen = clustersOf(submitted.choice('scope'), world.fleet.clusters);
    if (chosen === undefined) {
      return { success: false, errors: { [inputs.scope.block]: 'Choose which clusters.' } };
    }
    const clusters = chosen === 'all' ? undefined : chosen;
    return parsed({
      kind: 'roll-back',
      rollout,
      by,
      reason,
      ...(clusters === undefined ? {} : { clusters }),
      ...(submitted.ticked('bad') ? { markBad: true } : {}),
    });
  }
  if (callbackId === modalIds.approve) {
    const note = submitted.text('note');
    return parsed({
      kind: 'approve',
      rollout,
      environment,
      ask,
      by,
      ...(note === '' ? {} : { note }),
    });
  }
  if (reason.length < 10) return tooShort;
  return parsed({ kind: 'reject', rollout, environment, ask, by, reason });
}

const tooShort: Asked = {
  success: false,
  errors: { [inputs.reason.block]: 'At least 10 characters: everybody in the thread reads it.' },
};

function parsed(request: unknown): Asked {
  return { success: true, request: PersonRequest.parse(request) };
}

/** The clusters a choice of the roll-back modal names; `undefined` when it names none of ours. */
function clustersOf(
  choice: string | undefined,
  clusters: readonly { readonly name: string; readonly environment: string }[],
): 'all' | string[] | undefined {
  if (choice === 'all') return 'all';
  const named = clusters
    .filter(
      ({ name, environment }) =>
        choice === rollBackScope('cluster', name) ||
        choice === rollBackScope('environment', environment),
    )
    .map(({ name }) => name);
  return named.length === 0 ? undefined : named;
}

/** In real time: Slack's clock is not ours to run. */
function after(ms: number): Promise<'late'> {
  return new Promise((resolve) => {
    setTimeout(() => resolve('late'), ms).unref();
  });
}
