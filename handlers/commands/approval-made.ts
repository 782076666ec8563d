import { canStillBeRejected } from '../../src/rollout/decide-approval.ts';
import { isEnded } from '../../src/rollout/phases.ts';
import type { Environment, Rollout } from '../../src/rollout/rollout.ts';
import type { SlackUserId } from '../../src/shared/ids.ts';
import type { Made } from './made.ts';
import { checked, say } from './made.ts';

/** A typed *yes* or *no*; a *no* without a reason is asked for one. */
export function approvalMade(
  rollout: Rollout,
  typed: { readonly verb: 'approve' | 'reject'; readonly rest: string },
  by: SlackUserId,
  triggerId: string | undefined,
): Made {
  const { rest } = typed;
  const asking = typed.verb === 'reject' ? rejectable(rollout) : waitingForApproval(rollout);
  const [word = '', ...more] = rest.split(/\s+/);
  const named = asking.find(({ policy }) => policy.name === word);
  const environment = named ?? (asking.length === 1 ? asking[0] : undefined);
  const text = named === undefined ? rest : more.join(' ');
  if (environment?.ask === undefined) {
    return asking.length === 0
      ? say(
          typed.verb === 'approve'
            ? 'Nothing of this rollout waits for approval.'
            : 'There is nothing to reject in this rollout. What was merged is taken back by `/ami rollback`.',
        )
      : say(
          `Which environment? ${asking.map(({ policy }) => `\`/ami ${typed.verb} ${rollout.id} ${policy.name}\``).join(' or ')}`,
        );
  }
  const of = {
    rollout: rollout.id,
    environment: environment.policy.name,
    ask: environment.ask.number,
    by,
  };
  if (typed.verb === 'approve') {
    return checked({
      kind: 'approve',
      ...of,
      ...(text === '' ? {} : { note: text.slice(0, 500) }),
    });
  }
  if (text.length < 10 && triggerId !== undefined) {
    const { by: _, rollout: rolloutId, ...key } = of;
    return { modal: 'reject', key: { rolloutId, ...key }, triggerId };
  }
  return text.length < 10
    ? say('Please say why, in at least 10 characters: `reject <id> <reason>`.')
    : checked({ kind: 'reject', ...of, reason: text.slice(0, 1000) });
}

function waitingForApproval({ environments }: Rollout): readonly Environment[] {
  return environments.filter(({ phase }) => phase.name === 'awaiting-approval');
}

/** Where a *no* comes in time; else where it comes too late, so that the decider says why. */
function rejectable({ environments }: Rollout): readonly Environment[] {
  const inTime = environments.filter(canStillBeRejected);
  return inTime.length > 0
    ? inTime
    : environments.filter(({ ask, phase }) => ask !== undefined && !isEnded(phase));
}
