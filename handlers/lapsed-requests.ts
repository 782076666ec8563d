import type { ApprovalRule } from '../src/rollout/policy.ts';
import type { Authority } from '../src/rollout/refusal.ts';
import { environmentNamed, type Rollout } from '../src/rollout/rollout.ts';
import type { SlackUserId } from '../src/shared/ids.ts';
import type { People } from '../src/workflow/ports/people.ts';

/**
 * Who asked for the fast lane before, and may no longer: it takes two who may at the moment when it opens.
 * @returns `may: unknown` where the directory cannot say of one of them.
 */
export async function lapsedRequests(
  people: Pick<People, 'authority'>,
  rollout: Rollout,
  { environment, by, may }: { environment: string; by: SlackUserId; may: Authority },
  rule: ApprovalRule | undefined,
): Promise<{ readonly may: Authority; readonly lapsed?: readonly SlackUserId[] }> {
  const requests = environmentNamed(rollout, environment)?.expedite?.requests ?? [];
  if (may !== 'yes' || rule === undefined) return { may };
  const earlier = await Promise.all(
    requests
      .filter((request) => request.by !== by)
      .map(async (request) => ({ by: request.by, may: await people.authority(request.by, rule) })),
  );
  if (earlier.some((one) => one.may === 'unknown')) return { may: 'unknown' };
  const lapsed = earlier.filter((one) => one.may !== 'yes').map((one) => one.by);
  return lapsed.length === 0 ? { may } : { may, lapsed };
}
