import type { CardKey } from '../blocks/card-key.ts';
import type { RefusalCode } from '../src/rollout/refusal.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import type { SlackUserId } from '../src/shared/ids.ts';
import { second } from '../src/shared/time.ts';
import type { World } from '../src/workflow/world.ts';
import { authorityOf, type Say } from './authority.ts';
import type { ModalName } from './modal-name.ts';
import type { RolloutRequest } from './person-request.ts';

/** The press is good for three seconds, and the modal has to be sent in them. */
const askWithinMs = 1.2 * second;

/** A *no* at the press, before anybody types a reason for nothing. */
export type RefusedAtClick = {
  readonly code: RefusalCode;
  /** What the modal would have asked for. */
  readonly request: RolloutRequest;
  /** The command it would have become. */
  readonly wanted: string;
} & Pick<Say, 'rule'>;

/**
 * Whether somebody may be shown a modal at all; `undefined`: they may, or it is not known in time. Whoever is shown one
 * is asked about again when it is submitted.
 */
export async function refusedAtClick(
  world: Pick<World, 'fleet' | 'people'>,
  rollout: Rollout,
  { key, by }: { readonly key: CardKey; readonly by: SlackUserId },
  what: ModalName,
): Promise<RefusedAtClick | undefined> {
  const meant = requestOf(what, key, by);
  if (meant === undefined) return undefined;
  const { request, wanted } = meant;
  const say = await Promise.race([authorityOf(world, rollout, request), late()]);
  if (say === undefined) return undefined;
  const own = what === 'note' && say.may === 'yes' && rollout.openedBy === by;
  const code = own ? 'own-request' : refusalOf(say, what);
  if (code === undefined) return undefined;
  return { code, request, wanted, ...(say.rule === undefined ? {} : { rule: say.rule }) };
}

function refusalOf({ may }: Say, what: ModalName): RefusalCode | undefined {
  switch (may) {
    case 'yes':
    // Slack may answer again by the time it is submitted; then it is asked.
    case 'unknown':
      return undefined;
    case 'guest-or-bot':
      return 'guest-or-bot';
    case 'no':
      return what === 'rollback' ? 'not-allowed-to-stop' : 'not-an-approver';
  }
}

/** `undefined` where everybody may look, or the key is of no environment. */
function requestOf(
  what: ModalName,
  { rolloutId: rollout, environment, ask = 0 }: CardKey,
  by: SlackUserId,
): { readonly request: RolloutRequest; readonly wanted: string } | undefined {
  switch (what) {
    case 'details':
      return undefined;
    case 'snooze':
      return { request: { kind: 'snooze', rollout, by, until: 0 }, wanted: 'Snooze' };
    case 'rollback':
      // Which clusters is chosen in the modal: here it is enough to have a say about one of them.
      return {
        request: { kind: 'roll-back', rollout, by, reason: '', clusters: [] },
        wanted: 'RollBack',
      };
    case 'reject':
    case 'note': {
      if (environment === undefined) return undefined;
      const of = { rollout, environment, ask, by };
      return what === 'note'
        ? { request: { kind: 'approve', ...of }, wanted: 'Approve' }
        : { request: { kind: 'reject', ...of, reason: '' }, wanted: 'Reject' };
    }
  }
}

/** In real time: Slack's clock is not ours to run. */
function late(): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), askWithinMs).unref();
  });
}
