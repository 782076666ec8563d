import { canonicalJson } from '../shared/canonical.ts';
import type { ApprovalRule, ApproverSet, EnvironmentPolicy, MergeWindow, Mode } from './policy.ts';
import { windowsOf } from './policy.ts';

const modes: readonly Mode[] = ['observe', 'propose', 'merge'];

/**
 * The policy of an environment that moves files which others read too: nothing may happen that any of them would not
 * let happen. Everybody's approvals are asked for, the longest ages and soaks and the shortest lives count, and all their
 * windows have to be open at once. Its waves stay its own.
 */
export function jointPolicy(
  last: EnvironmentPolicy,
  others: readonly EnvironmentPolicy[],
): EnvironmentPolicy {
  const all = [...others, last];
  const minimumAgeMs = Math.max(...all.map((one) => one.minimumAgeMs ?? 0));
  const lives = all.flatMap(({ validForMs }) => validForMs ?? []);
  const freezes = all.flatMap((one) => one.freezes ?? []);
  const windows = [last, ...others].flatMap(windowsOf).filter(isFirst);
  const [window, ...alsoWithin] = windows;
  const { finish: _, ...rest } = last;
  const finishes = all.flatMap(({ finish }) => finish ?? []);
  return {
    ...rest,
    mode: modes[Math.min(...all.map(({ mode }) => modes.indexOf(mode)))] ?? 'observe',
    ...(all.some((one) => one.protected === true) && { protected: true }),
    approval: jointApproval(all),
    soakMs: Math.max(...all.map(({ soakMs }) => soakMs)),
    stableForMs: Math.max(...all.map(({ stableForMs }) => stableForMs)),
    expiresMs: Math.min(...all.map(({ expiresMs }) => expiresMs)),
    // Whoever waits for the last node has it waited for.
    ...(finishes.length === all.length && {
      finish: {
        atLeast: Math.max(...finishes.map(({ atLeast }) => atLeast)),
        patienceMs: Math.max(...finishes.map(({ patienceMs }) => patienceMs)),
      },
    }),
    ...(minimumAgeMs > 0 && { minimumAgeMs }),
    ...(lives.length > 0 && { validForMs: Math.min(...lives) }),
    ...(freezes.length > 0 && { freezes }),
    ...(window !== undefined && { window }),
    ...(alsoWithin.length > 0 && { alsoWithin }),
  };
}

function isFirst(window: MergeWindow, index: number, all: readonly MergeWindow[]): boolean {
  const spelled = canonicalJson(window);
  return all.findIndex((one) => canonicalJson(one) === spelled) === index;
}

/** A set for each environment that asks anybody; what policies approve by themselves, all of them have to. */
function jointApproval(all: readonly EnvironmentPolicy[]): ApprovalRule {
  const asked = all.filter(({ approval }) => approval.automatic !== 'always');
  const sets = asked.flatMap(({ name, approval }) => setsOf(name, approval));
  if (sets.length === 0) return all.at(-1)?.approval ?? { users: [], groups: [], count: 1 };
  const automatic = all.every(({ approval }) => approval.automatic !== undefined);
  return {
    users: [...new Set(sets.flatMap(({ users }) => users))],
    groups: [...new Set(sets.flatMap(({ groups }) => groups))],
    count: sets.reduce((sum, { count }) => sum + count, 0),
    sets,
    ...(automatic && { automatic: 'low-risk' as const }),
  };
}

function setsOf(environment: string, { sets, users, groups, count }: ApprovalRule): ApproverSet[] {
  if (sets !== undefined)
    return sets.map((set) => ({ ...set, name: `${environment}: ${set.name}` }));
  return users.length + groups.length === 0 ? [] : [{ users, groups, count, name: environment }];
}
