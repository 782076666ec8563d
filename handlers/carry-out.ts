import type { PersonCommand } from '../src/rollout/command.ts';
import type { ApprovalRule, DecisionRule } from '../src/rollout/policy.ts';
import type { Authority, Refusal } from '../src/rollout/refusal.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { setsOf } from '../src/workflow/approver-sets.ts';
import { groupsAtClick } from '../src/workflow/at-click-groups.ts';
import { freeze, refuseGlobally, unfreeze } from '../src/workflow/freeze.ts';
import type { Actor } from '../src/workflow/ports/store.ts';
import { recoveryPlans } from '../src/workflow/recovery-plan.ts';
import type { World } from '../src/workflow/world.ts';
import { anyOf, authorityOf } from './authority.ts';
import type { PersonRequest, RolloutRequest } from './person-request.ts';

/** What came of a request: done, already so, or a *no* with its reason. `rule`: who could have. */
export type Outcome = {
  readonly refusal?: Refusal;
  readonly rollout?: Rollout;
  readonly rule?: DecisionRule;
  readonly stored: boolean;
};

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
  if (request.kind === 'freeze' || request.kind === 'unfreeze')
    return globally(world, request, cause, actor);
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
  return {
    stored: done.stored,
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
      return { type: 'Expedite', environment, by, may, reason };
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
    case 'pause': {
      const { reason } = request;
      return { type: 'Pause', by, may, ...(reason === undefined ? {} : { reason }) };
    }
    case 'resume':
      return { type: 'Resume', by, may };
    case 'accept-merge':
      return { type: 'AcceptUnapprovedMerge', environment: request.environment, by, may };
    case 'roll-back': {
      const { plans, leftOut } = await recoveryPlans(world, rollout, request.clusters);
      return { type: 'RollBack', by, may, reason: request.reason, plans, leftOut };
    }
  }
}

/** The stop that holds for every rollout: whoever may stop any environment may stop them all. */
async function globally(
  world: Pick<World, 'clock' | 'fleet' | 'people' | 'store'>,
  request: Extract<PersonRequest, { kind: 'freeze' | 'unfreeze' }>,
  cause: string,
  actor: Actor,
): Promise<Outcome> {
  const { by, kind: wanted } = request;
  const rule = anyOf(world.fleet.policies.map(({ recovery }) => recovery));
  const may = await world.people.authority(by, rule);
  if (may !== 'yes') {
    const code =
      may === 'no' ? 'not-allowed-to-stop' : may === 'unknown' ? 'cannot-check' : 'guest-or-bot';
    const stored = await refuseGlobally(world, { by, wanted, reason: code, cause, actor });
    return { refusal: { code }, rule, stored };
  }
  const stored =
    request.kind === 'freeze'
      ? await freeze(world, { by, reason: request.reason, cause, actor })
      : await unfreeze(world, { by, cause, actor });
  return { stored, rule };
}
