import type { Message } from '../blocks/block-kit.ts';
import { section } from '../blocks/block-kit.ts';
import { brakeLeaves } from '../blocks/brake.ts';
import { hoursText } from '../blocks/merge-hours.ts';
import { stillOpen } from '../blocks/missing.ts';
import { refusalMessage } from '../blocks/refusal.ts';
import { localTime } from '../blocks/times.ts';
import { isWindowLifted } from '../src/rollout/expedite.ts';
import { mergeHours } from '../src/rollout/merge-hours.ts';
import { mergesByButton } from '../src/rollout/pull-request-rule.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { environmentNamed, missingApprovals } from '../src/rollout/rollout.ts';
import { isQueued } from '../src/rollout/wave.ts';
import { escapeMrkdwn } from '../src/shared/text.ts';
import { globalStop } from '../src/workflow/global-stop.ts';
import type { World } from '../src/workflow/world.ts';
import { announcement } from './globally.ts';
import type { Outcome } from './outcome.ts';
import type { Delivery } from './person-request.ts';

/** What the asker is told: a refusal with its reason, or one line that says what was recorded. */
export async function answerTo(
  world: Pick<World, 'clock' | 'people' | 'store'>,
  { request }: Delivery,
  outcome: Outcome | 'too-old',
): Promise<Message | undefined> {
  if (outcome === 'too-old')
    return refusalMessage({ code: 'too-old' }, { names: new Map(), who: [] });
  const { people } = world;
  const { refusal, rule, rollout } = outcome;
  if (refusal !== undefined) {
    const asks =
      refusal.code === 'not-an-approver' ||
      refusal.code === 'not-an-expediter' ||
      refusal.code === 'not-allowed-to-stop' ||
      refusal.code === 'not-allowed-to-sync';
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
      const next =
        missing === 0
          ? await whatFollows(world, rollout, request.environment)
          : `${missing} more needed${environment === undefined ? '' : stillOpen(environment)}.`;
      return line(`You approved *${place}*. ${next}`);
    }
    case 'expedite': {
      const expedite = rollout && environmentNamed(rollout, request.environment)?.expedite;
      const place = escapeMrkdwn(request.environment);
      return line(
        (expedite?.open?.by.length ?? 0) > 0
          ? `The fast lane of *${place}* is open: its window is lifted. Approvals are needed all the same.`
          : `You asked for the fast lane of *${place}*. One more person who may has to agree.`,
      );
    }
    case 'withdraw':
      return line(`You withdrew your approval of *${escapeMrkdwn(request.environment)}*.`);
    case 'reject':
      return line(
        `You rejected *${escapeMrkdwn(request.environment)}*. Your reason is in the thread.`,
      );
    case 'snooze':
      return line(
        `Snoozed: nobody is asked until ${localTime(rollout?.snoozed?.until ?? request.until)}.`,
      );
    case 'wake':
      return line('The snooze is over.');
    case 'switch': {
      const to = rollout?.switched?.to;
      const next = to === undefined ? '' : ` to ${escapeMrkdwn(to)}`;
      return line(
        `Switched${next}: it is proposed at the next look for releases; \`/ami check\` looks now.`,
      );
    }
    case 'pause':
      return line(`Paused. ${whatPauseLeaves(rollout)}`);
    case 'brake':
      return line(
        `Paused, and old nodes are being held; the thread says where that is not permitted. ${brakeLeaves}`,
      );
    case 'resume':
      return line('Resumed.');
    case 'sync':
      return line(
        `Argo CD is asked to sync the EC2NodeClass in *${escapeMrkdwn(request.cluster)}*, and nothing else. The thread says what comes of it.`,
      );
    case 'accept-merge':
      return line(
        `You accepted the merge in *${escapeMrkdwn(request.environment)}*. Promotion goes on.`,
      );
    case 'merge':
      return line(
        `You pressed Merge for *${escapeMrkdwn(request.environment)}*. Everything is looked at once more, and then it is merged.`,
      );
    case 'roll-back':
      return line(`Rolling back. The thread follows it to the last node.${badToo(outcome.bad)}`);
    case 'freeze':
      return line(
        'All merges are frozen, in every rollout, until somebody unfreezes them; only a way back is still merged.',
      );
    case 'hold':
    case 'unhold':
    case 'mark-bad':
    case 'clear-bad':
      return line(`${escapeMrkdwn(announcement(request, world.clock.now()) ?? '')}.`);
    case 'unfreeze':
      return line('Merges go on, except where a rollout is paused.');
  }
}

/** What the last approval leads to; it starts nothing while something else stands in the way. */
async function whatFollows(
  world: Pick<World, 'clock' | 'store'>,
  rollout: Rollout | undefined,
  name: string,
): Promise<string> {
  if (rollout?.paused !== undefined)
    return 'The rollout is paused, so it waits until it is resumed.';
  if (rollout?.snoozed !== undefined) return 'The rollout is snoozed, so it waits until then.';
  if ((await globalStop(world)) !== undefined) {
    return 'All merges are frozen, so its pull request waits until they are unfrozen.';
  }
  const environment = rollout && environmentNamed(rollout, name);
  if (environment !== undefined) {
    const bypass = isWindowLifted(environment);
    const hours = mergeHours(environment.policy, world.clock.now(), { bypass });
    if (!hours.open) return hoursText(name, hours);
  }
  const policy = environment?.policy;
  if (policy !== undefined && mergesByButton(policy))
    return 'Once its checks pass, somebody presses Merge on the card.';
  return policy?.mode === 'propose'
    ? 'Its pull request is for people to merge on GitHub.'
    : 'It starts now; follow it in the thread.';
}

/** What a pause does not stop has to be said: people press it in an emergency. */
function whatPauseLeaves(rollout: Rollout | undefined): string {
  if (rollout?.rollback !== undefined) return 'The way back goes on: only what goes forward stops.';
  const merging = rollout?.environments
    .flatMap(({ waves }) => waves)
    .find((wave) => wave.phase.name === 'merging' && !isQueued(wave));
  const number = merging?.parts.at(0)?.number;
  return number === undefined
    ? 'Nothing more is merged until somebody resumes it.'
    : `The merge of #${number} was under way and may still come; nothing more is merged until somebody resumes it.`;
}

function badToo(bad: Outcome['bad']): string {
  if (bad === undefined) return '';
  return bad === 'refused'
    ? ' It could not be marked bad: please try `/ami bad`.'
    : ` ${escapeMrkdwn(bad.what)} is marked bad, and not offered there again.`;
}

function line(text: string): Message {
  return { text, blocks: [section(text)] };
}
