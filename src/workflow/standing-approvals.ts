import { shortOf } from '../rollout/approval-sets.ts';
import type { Environment } from '../rollout/rollout.ts';
import type { SlackUserId } from '../shared/ids.ts';
import { setsOf } from './approver-sets.ts';
import { asAtTheClick } from './at-click-groups.ts';
import type { World } from './world.ts';

/** Whose approvals still stand, asked of Slack afresh. */
export type StandingApprovals =
  | {
      readonly kind: 'standing';
      readonly people: readonly SlackUserId[];
      /** Sets each is in now, where the rule has sets. */
      readonly sets?: readonly { readonly by: SlackUserId; readonly sets: readonly number[] }[];
    }
  /** These may no longer approve: their approvals drop out. */
  | { readonly kind: 'gone'; readonly people: readonly SlackUserId[] }
  /** Slack cannot say, and so nobody is let through. */
  | { readonly kind: 'unknown' };

/** Looks up everybody who approved the open ask. Who left is told even where Slack cannot say of others. */
export async function standingApprovals(
  world: Pick<World, 'fleet' | 'people'>,
  { ask, policy }: Environment,
): Promise<StandingApprovals> {
  const people = asAtTheClick(world, ask?.grants ?? []);
  const asked = await Promise.all(
    (ask?.grants ?? []).map(async ({ by }) => ({
      by,
      may: await people.authority(by, policy.approval),
    })),
  );
  const gone = asked.filter(({ may }) => may === 'no' || may === 'guest-or-bot');
  if (gone.length > 0) return { kind: 'gone', people: gone.map(({ by }) => by) };
  if (asked.some(({ may }) => may === 'unknown')) return { kind: 'unknown' };
  const standing = asked.map(({ by }) => by);
  if (policy.approval.sets === undefined) return { kind: 'standing', people: standing };
  const sets = await Promise.all(
    standing.map(async (by) => {
      const found = await setsOf(people, by, policy.approval);
      return { by, sets: found?.sets ?? [], sure: found?.sure === true };
    }),
  );
  if (sets.some(({ sure }) => !sure)) return { kind: 'unknown' };
  // Somebody who went from one team to another may leave a set unfilled, though everybody still may approve.
  const moved = (ask?.grants ?? []).filter((grant) => {
    const now = sets.find(({ by }) => by === grant.by)?.sets ?? [];
    return grant.sets?.some((set) => !now.includes(set)) === true;
  });
  return moved.length > 0 && shortOf(policy.approval, sets) > 0
    ? { kind: 'gone', people: moved.map(({ by }) => by) }
    : {
        kind: 'standing',
        people: standing,
        sets: sets.map(({ by, sets: of }) => ({ by, sets: of })),
      };
}
