import type { PersonCommand } from '../src/rollout/command.ts';
import type { ApprovalRule } from '../src/rollout/policy.ts';
import type { Authority } from '../src/rollout/refusal.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import type { ReleaseId } from '../src/shared/ids.ts';
import { setsOf } from '../src/workflow/approver-sets.ts';
import { groupsAtClick } from '../src/workflow/at-click-groups.ts';
import type { Actor } from '../src/workflow/ports/store.ts';
import { recoveryPlans } from '../src/workflow/recovery-plan.ts';
import { waitingRelease } from '../src/workflow/waiting-release.ts';
import type { World } from '../src/workflow/world.ts';
import { authorityOf } from './authority.ts';
import { globally } from './globally.ts';
import { lapsedRequests } from './lapsed-requests.ts';
import type { Outcome } from './outcome.ts';
import type { PersonRequest, RolloutRequest } from './person-request.ts';
import { isGlobal } from './person-request.ts';

/**
 * Decides a person's request with authority asked afresh. The only way from a person to a rollout: buttons, modals,
 * commands and what another replica left in the inbox all come through here.
 * @param cause the delivery key: a request that is in the record already does nothing.
 * @param actor as whom the record shows it; default: the Slack user.
 */
export async function carryOut(
  world: Pick<World, 'clock' | 'fleet' | 'journal' | 'people' | 'store'>,
  request: PersonRequest,
  cause: string,
  actor: Actor = { kind: 'slack', id: request.by },
): Promise<Outcome> {
  if (isGlobal(request)) return globally(world, request, cause, actor);
  // Read anew: another replica may have asked, merged or closed since, and a *no* must not rest on what was.
  const { rollout } = await world.journal.refresh(request.rollout);
  if (rollout === undefined) return { refusal: { code: 'closed' }, stored: false };
  const { may, rule, environment } = await authorityOf(world, rollout, request);
  const command = await commandFor(world, rollout, request, may, rule);
  const done = await world.journal.execute(
    request.rollout,
    { ...command, now: world.clock.now() },
    { actor, cause },
  );
  // Stored or not: whoever died between the two decisions left the second to be made, and its cause makes it once.
  const bad =
    request.kind === 'roll-back' && request.markBad === true && done.refusal === undefined
      ? await alsoBad(world, rollout.release, request, { cause, actor })
      : undefined;
  return {
    stored: done.stored,
    ...(bad === undefined ? {} : { bad }),
    ...(done.refusal === undefined
      ? {}
      : { refusal: { ...(environment === undefined ? {} : { environment }), ...done.refusal } }),
    ...(done.rollout === undefined ? {} : { rollout: done.rollout }),
    ...(rule === undefined ? {} : { rule }),
  };
}

async function commandFor(
  world: Pick<World, 'fleet' | 'people' | 'store'>,
  rollout: Rollout,
  request: RolloutRequest,
  may: Authority,
  rule: ApprovalRule | undefined,
): Promise<PersonCommand> {
  const { by } = request;
  switch (request.kind) {
    case 'approve': {
      const { environment, ask, note } = request;
      const found = rule === undefined ? undefined : await setsOf(world.people, by, rule);
      const sets = found?.sets;
      const atClick = rule === undefined ? [] : await groupsAtClick(world, by, rule);
      return {
        type: 'Approve',
        environment,
        ask,
        by,
        may,
        ...(note === undefined ? {} : { note }),
        ...(sets === undefined ? {} : { sets }),
        ...(atClick.length === 0 ? {} : { atClick }),
      };
    }
    case 'expedite': {
      const { environment, reason } = request;
      const now = await lapsedRequests(world.people, rollout, { environment, by, may }, rule);
      return { type: 'Expedite', environment, by, reason, ...now };
    }
    case 'withdraw':
      return { type: 'Withdraw', environment: request.environment, ask: request.ask, by, may };
    case 'reject': {
      const { environment, ask, reason } = request;
      return { type: 'Reject', environment, ask, by, may, reason };
    }
    case 'snooze': {
      const { until, why } = request;
      return { type: 'Snooze', by, may, until, ...(why === undefined ? {} : { why }) };
    }
    case 'wake':
      return { type: 'Wake', by, may };
    case 'switch': {
      const newer = await waitingRelease(world, rollout.release);
      return { type: 'Switch', by, may, ...(newer === undefined ? {} : { newer }) };
    }
    case 'pause':
    case 'brake': {
      const { reason } = request;
      const type = request.kind === 'pause' ? 'Pause' : 'Brake';
      return { type, by, may, ...(reason === undefined ? {} : { reason }) };
    }
    case 'resume':
      return { type: 'Resume', by, may };
    case 'sync': {
      const { environment, cluster } = request;
      return { type: 'Sync', environment, cluster, by, may };
    }
    case 'accept-merge':
      return { type: 'AcceptUnapprovedMerge', environment: request.environment, by, may };
    case 'merge':
      return { type: 'Merge', environment: request.environment, ask: request.ask, by, may };
    case 'roll-back': {
      const { plans, leftOut } = await recoveryPlans(world, rollout, request.clusters);
      return { type: 'RollBack', by, may, reason: request.reason, plans, leftOut };
    }
  }
}

/** The tick beside a rollback: its own decision, on record by itself. Of chosen clusters, it is bad for those. */
async function alsoBad(
  world: Pick<World, 'clock' | 'fleet' | 'journal' | 'people' | 'store'>,
  release: ReleaseId,
  { clusters, reason, by }: Extract<RolloutRequest, { kind: 'roll-back' }>,
  { cause, actor }: { readonly cause: string; readonly actor: Actor },
): Promise<Outcome['bad']> {
  let bad: Outcome['bad'] = {
    what: clusters === undefined ? release : `${release} for ${clusters.join(', ')}`,
  };
  for (const cluster of clusters ?? [undefined]) {
    const where = cluster === undefined ? {} : { cluster };
    const request = { kind: 'mark-bad', release, where, reason, by } as const;
    const { refusal } = await globally(world, request, `${cause} bad ${cluster ?? ''}`, actor);
    if (refusal !== undefined) bad = 'refused';
  }
  return bad;
}
