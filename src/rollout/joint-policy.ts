import { canonicalJson } from '../shared/canonical.ts';
import { expeditersNeeded } from './expedite.ts';
import { jointFinish } from './finish.ts';
import type {
  ApprovalRule,
  ApproverSet,
  EnvironmentPolicy,
  Expedite,
  MergeWindow,
  Mode,
} from './policy.ts';
import { windowsOf } from './policy.ts';
import { mergesByButton, mergesInGitHub, opensEarly } from './pull-request-rule.ts';

/** The slower first. */
const cadences = ['monthly', 'weekly'] as const;
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
  const { finish: _, expedite: __, pullRequest: ___, ...rest } = last;
  const cadence = cadences.find((slow) => all.some((one) => one.cadence === slow));
  const soakAtLeast = jointSoakAtLeast(all);
  const rolling = all.flatMap(({ maxClustersRolling }) => maxClustersRolling ?? []);
  const expedite = jointExpedite(all, last);
  const finishes = all.flatMap(({ finish }) => finish ?? []);
  const { pullRequest, mode } = jointPullRequest(all);
  return {
    ...rest,
    mode,
    ...(pullRequest !== undefined && { pullRequest }),
    ...(all.some((one) => one.protected === true) && { protected: true }),
    approval: jointApproval(all),
    soakMs: Math.max(...all.map(({ soakMs }) => soakMs)),
    stableForMs: Math.max(...all.map(({ stableForMs }) => stableForMs)),
    expiresMs: Math.min(...all.map(({ expiresMs }) => expiresMs)),
    // Whoever waits for the last node has it waited for.
    ...(finishes.length === all.length && {
      finish: jointFinish(finishes),
    }),
    ...(cadence !== undefined && { cadence }),
    ...(soakAtLeast !== undefined && { soakAtLeast }),
    ...(rolling.length > 0 && { maxClustersRolling: Math.min(...rolling) }),
    ...(minimumAgeMs > 0 && { minimumAgeMs }),
    ...(lives.length > 0 && { validForMs: Math.min(...lives) }),
    ...(freezes.length > 0 && { freezes }),
    ...(window !== undefined && { window }),
    ...(alsoWithin.length > 0 && { alsoWithin }),
    ...(expedite !== undefined && { expedite }),
  };
}

/**
 * Where only some leave it to GitHub, the others' approvals are asked for in Slack, and then people merge on GitHub. The
 * pull request is there early where all of them want it, and somebody presses Merge where any of them wants that.
 */
function jointPullRequest(
  all: readonly EnvironmentPolicy[],
): Pick<EnvironmentPolicy, 'mode' | 'pullRequest'> {
  const least = modes[Math.min(...all.map(({ mode }) => modes.indexOf(mode)))] ?? 'observe';
  const inGitHub = all.filter(mergesInGitHub).length;
  const early = all.every(opensEarly) ? { open: 'on-detection' as const } : {};
  if (inGitHub === all.length) return { mode: least, pullRequest: { merge: 'in-github' } };
  const pressed = inGitHub === 0 && all.some(mergesByButton);
  const pullRequest = { ...early, ...(pressed ? { merge: 'by-button' as const } : {}) };
  return {
    mode: inGitHub > 0 && least === 'merge' ? 'propose' : least,
    ...(Object.keys(pullRequest).length > 0 && { pullRequest }),
  };
}

/** As many nodes and node hours as whoever wants to have seen most. */
function jointSoakAtLeast(all: readonly EnvironmentPolicy[]): EnvironmentPolicy['soakAtLeast'] {
  const wanted = all.flatMap(({ soakAtLeast }) => soakAtLeast ?? []);
  if (wanted.length === 0) return undefined;
  const nodes = wanted.flatMap((one) => one.nodes ?? []);
  const nodeHours = wanted.flatMap((one) => one.nodeHours ?? []);
  return {
    ...(nodes.length > 0 && { nodes: Math.max(...nodes) }),
    ...(nodeHours.length > 0 && { nodeHours: Math.max(...nodeHours) }),
  };
}

function isFirst(window: MergeWindow, index: number, all: readonly MergeWindow[]): boolean {
  const spelled = canonicalJson(window);
  return all.findIndex((one) => canonicalJson(one) === spelled) === index;
}

/**
 * A set for each environment that asks people, be it that it names nobody and can never be filled; what policies approve by
 * themselves, all of them have to.
 */
function jointApproval(all: readonly EnvironmentPolicy[]): ApprovalRule {
  const asked = all.filter((one) => one.approval.automatic !== 'always' && !mergesInGitHub(one));
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
  return [{ users, groups, count, name: environment }];
}

/**
 * The fast lane as all of them have it: opened by people whom each names, shortening no more than each lets be
 * shortened; `undefined` where one has none, or no two people are named by all. Who is in a group is not known here, so
 * only a group that each names counts.
 */
function jointExpedite(
  all: readonly EnvironmentPolicy[],
  last: EnvironmentPolicy,
): Expedite | undefined {
  const lanes = all.flatMap(({ expedite }) => expedite ?? []);
  const [first] = lanes;
  if (first === undefined || lanes.length < all.length) return undefined;
  const users = first.users.filter((user) => lanes.every((lane) => lane.users.includes(user)));
  const groups = first.groups.filter((group) => lanes.every((lane) => lane.groups.includes(group)));
  if (groups.length === 0 && users.length < expeditersNeeded) return undefined;
  const usualAge = Math.max(...all.map(({ minimumAgeMs = 0 }) => minimumAgeMs));
  const age = Math.max(
    ...all.map(({ minimumAgeMs = 0, expedite }) =>
      Math.min(minimumAgeMs, expedite?.minimumAgeMs ?? minimumAgeMs),
    ),
  );
  const soaks = lanes.flatMap(({ soakMs }) => soakMs ?? []);
  const skips = all.every(
    ({ cadence, expedite }) => cadence === undefined || expedite?.skipsCadence === true,
  );
  return {
    users,
    groups,
    count: Math.max(...lanes.map(({ count }) => count)),
    ...(age < usualAge && { minimumAgeMs: age }),
    ...(soaks.length === all.length && { soakMs: Math.max(...soaks) }),
    ...(skips && last.cadence !== undefined && { skipsCadence: true as const }),
  };
}
