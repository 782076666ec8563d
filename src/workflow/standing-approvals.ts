import type { Environment } from '../rollout/rollout.ts';
import type { SlackUserId } from '../shared/ids.ts';
import type { World } from './world.ts';

/** Whose approvals still stand, asked of Slack afresh. */
export type StandingApprovals =
  | { readonly kind: 'standing'; readonly people: readonly SlackUserId[] }
  /** These may no longer approve: their approvals drop out. */
  | { readonly kind: 'gone'; readonly people: readonly SlackUserId[] }
  /** Slack cannot say, and so nobody is let through. */
  | { readonly kind: 'unknown' };

/** Looks up everybody who approved the open ask. Who left is told even where Slack cannot say of others. */
export async function standingApprovals(
  { people }: Pick<World, 'people'>,
  { ask, policy }: Environment,
): Promise<StandingApprovals> {
  const asked = await Promise.all(
    (ask?.grants ?? []).map(async ({ by }) => ({
      by,
      may: await people.authority(by, policy.approval),
    })),
  );
  const gone = asked.filter(({ may }) => may === 'no' || may === 'guest-or-bot');
  if (gone.length > 0) return { kind: 'gone', people: gone.map(({ by }) => by) };
  if (asked.some(({ may }) => may === 'unknown')) return { kind: 'unknown' };
  return { kind: 'standing', people: asked.map(({ by }) => by) };
}
