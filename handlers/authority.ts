import type { ApprovalRule, DecisionRule } from '../src/rollout/policy.ts';
import type { Authority } from '../src/rollout/refusal.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { environmentNamed } from '../src/rollout/rollout.ts';
import { movedClusters } from '../src/rollout/way-back.ts';
import type { World } from '../src/workflow/world.ts';
import type { RolloutRequest } from './person-request.ts';

/** What somebody may do, by which rule, and about which environment where one of several says no. */
export type Say = {
  readonly may: Authority;
  readonly rule?: ApprovalRule;
  readonly environment?: string;
};

/** Whether somebody may decide what they ask for; a way back needs the leave of every environment it touches. */
export async function authorityOf(
  world: Pick<World, 'fleet' | 'people'>,
  rollout: Rollout,
  request: RolloutRequest,
): Promise<Say> {
  const { by } = request;
  if (request.kind === 'roll-back') {
    const touched = rollout.environments.filter(
      (environment) => movedClusters(environment, request.clusters).length > 0,
    );
    for (const { policy } of touched) {
      const rule = policyNow(world, rollout, policy.name)?.recovery;
      const may = rule === undefined ? 'no' : await world.people.authority(by, rule);
      const of = rule === undefined ? {} : { rule };
      if (may !== 'yes') return { may, ...of, environment: policy.name };
    }
  }
  const rule = ruleFor(world, rollout, request);
  return rule === undefined ? { may: 'no' } : { may: await world.people.authority(by, rule), rule };
}

/** Whose say it is. Stopping has its own, lighter authority; a rollout over several environments listens to all of them. */
function ruleFor(
  world: Pick<World, 'fleet'>,
  rollout: Rollout,
  request: RolloutRequest,
): ApprovalRule | undefined {
  const rulesOf = (kind: 'approval' | 'recovery') =>
    rollout.environments.flatMap(
      ({ policy }) => policyNow(world, rollout, policy.name)?.[kind] ?? [],
    );
  switch (request.kind) {
    case 'approve':
    case 'withdraw':
    case 'reject':
    case 'accept-merge':
    case 'merge':
      return policyNow(world, rollout, request.environment)?.approval;
    case 'expedite':
      return policyNow(world, rollout, request.environment)?.expedite;
    case 'sync':
      return policyNow(world, rollout, request.environment)?.recovery;
    case 'snooze':
    case 'wake':
      return anyOf(rulesOf('approval'));
    case 'pause':
    case 'brake':
    case 'resume':
    case 'switch':
    case 'roll-back':
      return anyOf(rulesOf('recovery'));
  }
}

/** The rules in force now, not those the rollout was opened under: who left the list may not decide by an old card. */
function policyNow({ fleet }: Pick<World, 'fleet'>, rollout: Rollout, name: string) {
  return (
    fleet.policies.find((policy) => policy.name === name) ?? environmentNamed(rollout, name)?.policy
  );
}

/** One of them is enough, whoever's they are. */
export function anyOf(rules: readonly DecisionRule[]): DecisionRule {
  return {
    users: [...new Set(rules.flatMap(({ users }) => users))],
    groups: [...new Set(rules.flatMap(({ groups }) => groups))],
    count: 1,
  };
}
