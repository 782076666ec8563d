import type { Message } from '../blocks/block-kit.ts';
import { section } from '../blocks/block-kit.ts';
import { refusalMessage } from '../blocks/refusal.ts';
import { environmentNamed, missingApprovals } from '../src/rollout/rollout.ts';
import { escapeMrkdwn } from '../src/shared/text.ts';
import type { World } from '../src/workflow/world.ts';
import type { Outcome } from './carry-out.ts';
import type { Delivery } from './person-request.ts';

/** What the asker is told: a refusal with its reason, or one line that says what was recorded. */
export async function answerTo(
  { people }: Pick<World, 'people'>,
  { request }: Delivery,
  outcome: Outcome | 'too-old',
): Promise<Message | undefined> {
  if (outcome === 'too-old')
    return refusalMessage({ code: 'too-old' }, { names: new Map(), who: [] });
  const { refusal, rule, rollout } = outcome;
  if (refusal !== undefined) {
    const asks = refusal.code === 'not-an-approver' || refusal.code === 'not-allowed-to-stop';
    const who = asks && rule !== undefined ? await people.members(rule) : [];
    const named = refusal.by === undefined ? who : [...who, refusal.by];
    return refusalMessage(refusal, { names: await people.names(named), who });
  }
  if (!outcome.stored) return line('That is so already. Nothing to do.');
  switch (request.kind) {
    case 'approve': {
      const environment = rollout && environmentNamed(rollout, request.environment);
      const missing = environment === undefined ? 0 : missingApprovals(environment);
      const place = escapeMrkdwn(request.environment);
      return line(
        missing === 0
          ? `You approved *${place}*. It starts now; follow it in the thread.`
          : `You approved *${place}*. ${missing} more needed.`,
      );
    }
    case 'withdraw':
      return line(`You withdrew your approval of *${escapeMrkdwn(request.environment)}*.`);
    case 'reject':
      return line(
        `You rejected *${escapeMrkdwn(request.environment)}*. Your reason is in the thread.`,
      );
    case 'snooze':
      return line('Snoozed. Nobody is asked until then.');
    case 'wake':
      return line('The snooze is over.');
    case 'pause':
      return line('Paused. Nothing more is merged until somebody resumes it.');
    case 'resume':
      return line('Resumed.');
    case 'accept-merge':
      return line(
        `You accepted the merge in *${escapeMrkdwn(request.environment)}*. Promotion goes on.`,
      );
    case 'roll-back':
      return line('Rolling back. The thread follows it to the last node.');
    case 'freeze':
      return line('All merges are frozen, in every rollout, until somebody unfreezes them.');
    case 'unfreeze':
      return line('Merges go on.');
  }
}

function line(text: string): Message {
  return { text, blocks: [section(text)] };
}
