import { rollBackOffer } from '../../blocks/roll-back-offer.ts';
import { whichRollout } from '../../blocks/status.ts';
import { isEnded } from '../../src/rollout/phases.ts';
import type { Rollout } from '../../src/rollout/rollout.ts';
import type { SlackUserId } from '../../src/shared/ids.ts';
import type { Handling } from '../handling.ts';
import { approvalMade } from './approval-made.ts';
import type { Typed } from './grammar.ts';
import { keepBackMade } from './keep-back-made.ts';
import type { Made } from './made.ts';
import { checked, say } from './made.ts';
import { rolloutMeant } from './rollout-meant.ts';
import { showRollout } from './status.ts';
import type { TypedRequest } from './typed-request.ts';
import { untilOf } from './when.ts';

/** What was typed to steer something: a request that is decided like a click, or what is still missing. */
export async function requestOf(
  handling: Handling,
  { by, thread, triggerId }: TypedRequest,
  typed: Typed,
): Promise<Made> {
  const { world } = handling;
  if (typed.verb === 'freeze') {
    return typed.rest.length < 3
      ? say('Please say why: `/ami freeze <reason>`.')
      : checked({ kind: 'freeze', by, reason: typed.rest.slice(0, 500) });
  }
  if (typed.verb === 'unfreeze') return checked({ kind: 'unfreeze', by });
  const kept = await keepBackMade(handling, by, typed);
  if (kept !== undefined) return kept;
  const { found, rest } = await rolloutMeant(handling, typed, thread);
  if (found.kind !== 'found') {
    const several = found.kind === 'several' ? found.rollouts : [];
    return { say: whichRollout(several, { verb: typed.verb, named: typed.id !== undefined }) };
  }
  const { rollout } = found;
  switch (typed.verb) {
    case 'show':
      return { say: await showRollout(handling, rollout) };
    case 'approve':
    case 'reject':
      return approvalMade(rollout, { ...typed, verb: typed.verb, rest }, by, triggerId);
    case 'snooze': {
      const offset = await world.people.utcOffsetMs(by);
      const until = untilOf(rest, world.clock.now(), offset);
      return until === undefined
        ? say('Until when? For example `2d`, `mon` or `2026-11-24`.')
        : checked({ kind: 'snooze', rollout: rollout.id, by, until });
    }
    case 'pause':
    case 'brake':
      return checked({
        kind: typed.verb,
        rollout: rollout.id,
        by,
        ...(rest === '' ? {} : { reason: rest.slice(0, 500) }),
      });
    case 'rollback': {
      const key = { rolloutId: rollout.id };
      return triggerId === undefined
        ? { say: rollBackOffer(rollout) }
        : {
            modal: 'rollback',
            key,
            triggerId,
            ...(rest === '' ? {} : { reason: rest.slice(0, 1000) }),
          };
    }
    case 'expedite':
      return expediteMade(rollout, rest, by);
    case 'wake':
    case 'switch':
    case 'resume':
      return checked({ kind: typed.verb, rollout: rollout.id, by });
    case 'hold':
    case 'unhold':
    case 'bad':
    case 'good':
    case 'help':
    case 'status':
    case 'digest':
    case 'check':
    case 'history':
    case 'where':
    case 'upgrade-check':
      throw new Error(`${typed.verb} steers nothing`);
  }
}

function expediteMade(rollout: Rollout, rest: string, by: SlackUserId): Made {
  const open = rollout.environments.filter(({ phase }) => !isEnded(phase));
  const [word = '', ...more] = rest.split(/\s+/);
  const named = open.find(({ policy }) => policy.name === word);
  const environment = named ?? (open.length === 1 ? open[0] : undefined);
  const reason = named === undefined ? rest : more.join(' ');
  if (environment === undefined) {
    return open.length === 0
      ? say('Every environment of this rollout has ended.')
      : say(
          `Which environment? ${open.map(({ policy }) => `\`/ami expedite ${rollout.id} ${policy.name} <reason>\``).join(' or ')}`,
        );
  }
  return reason.length < 10
    ? say('Please say why, in at least 10 characters: `/ami expedite <id> <environment> <reason>`.')
    : checked({
        kind: 'expedite',
        rollout: rollout.id,
        environment: environment.policy.name,
        by,
        reason: reason.slice(0, 1000),
      });
}
