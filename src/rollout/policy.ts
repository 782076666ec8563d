import { z } from 'zod';
import { canonicalJson, sha256 } from '../shared/canonical.ts';
import { SlackGroupId, SlackUserId } from '../shared/ids.ts';
import { Recurrence } from '../shared/recurrence.ts';
import { Finish } from './finish.ts';
import { PullRequestRule } from './pull-request-rule.ts';

/** Who may decide, and how many of them it takes. Members of the groups are looked up afresh at every decision. */
export const DecisionRule = z.object({
  users: z.array(SlackUserId),
  groups: z.array(SlackGroupId),
  /** Different people needed; at least 1. */
  count: z.number().int().min(1),
});
export type DecisionRule = z.infer<typeof DecisionRule>;

/** So many of these people, who go by this name in messages. */
export const ApproverSet = DecisionRule.extend({ name: z.string() });
export type ApproverSet = z.infer<typeof ApproverSet>;

/**
 * Who approves. With `sets`, each of them has to be filled, everybody counting for one; `users` and `groups` then hold
 * everybody of all sets, and `count` how many people that takes.
 */
export const ApprovalRule = DecisionRule.extend({
  sets: z.array(ApproverSet).min(1).optional(),
  /** What the policy itself approves: everything, or what the rules call low risk. Absent: nothing. */
  automatic: z.enum(['always', 'low-risk']).optional(),
});
export type ApprovalRule = z.infer<typeof ApprovalRule>;

/** What Amiable may do in an environment: only say, also propose pull requests, or also merge them. */
export const Mode = z.enum(['observe', 'propose', 'merge']);
export type Mode = z.infer<typeof Mode>;

/** Healthy time after the wave's last replaced node, in ms; absent: the environment's. */
const soakMs = z.number().optional();

/** One step of an environment's order: so many clusters, so many a region, these clusters, these EC2NodeClasses, or all that is left. */
export const WaveSpec = z.union([
  z.object({ clusters: z.union([z.number().int().min(1), z.array(z.string()).min(1)]), soakMs }),
  z.object({ perRegion: z.number().int().min(1), soakMs }),
  z.object({ nodeClasses: z.array(z.string()).min(1), soakMs }),
  z.literal('rest'),
]);
export type WaveSpec = z.infer<typeof WaveSpec>;

/** When merges may be made; outside of it they wait. */
export const MergeWindow = Recurrence.extend({
  /** Merge only what the forecast ends inside the window. */
  finishBefore: z.boolean().optional(),
  /** What happens to a wave that still moves when its window ends; absent: it goes on. */
  onEnd: z.enum(['brake', 'ask']).optional(),
});
export type MergeWindow = z.infer<typeof MergeWindow>;

/** Times without merges: from one day to another, both included, as `2026-12-18` or, every year, `12-18`; or recurring. */
export const Freeze = z.union([
  z.object({ from: z.string(), to: z.string(), timeZone: z.string(), reason: z.string() }),
  Recurrence.extend({ reason: z.string() }),
]);
export type Freeze = z.infer<typeof Freeze>;

/** A soak proves something only once so many nodes, and so many hours of nodes, were seen healthy. */
export const SoakAtLeast = z.object({
  nodes: z.number().int().min(1).optional(),
  nodeHours: z.number().min(0).optional(),
});
export type SoakAtLeast = z.infer<typeof SoakAtLeast>;

/** The fast lane: who may open it, and what a fix for a critical or known-exploited CVE shortens. */
export const Expedite = DecisionRule.extend({
  minimumAgeMs: z.number().optional(),
  soakMs: z.number().optional(),
  /** Such a fix waits for no turn. */
  skipsCadence: z.literal(true).optional(),
});
export type Expedite = z.infer<typeof Expedite>;

/** The decision rules of one environment, as they stood when a rollout or an ask was written. */
export const EnvironmentPolicy = z.object({
  name: z.string(),
  /** Environments that must have soaked healthily first; none means it may start at once. */
  after: z.array(z.string()),
  mode: Mode,
  /** Nothing happens here that no person decided. */
  protected: z.boolean().optional(),
  pullRequest: PullRequestRule.optional(),
  approval: ApprovalRule,
  recovery: DecisionRule,
  waves: z.array(WaveSpec),
  /** No more clusters than this move at once; absent: a whole wave does. */
  maxClustersRolling: z.number().int().min(1).optional(),
  /** A release younger than this is not asked about yet, in ms; absent: 0. */
  minimumAgeMs: z.number().optional(),
  /** At most one release a week, or a month, begins here. */
  cadence: z.enum(['weekly', 'monthly']).optional(),
  /** Healthy time after a wave's last replaced node before it counts as complete, in ms; 0 means none. */
  soakMs: z.number(),
  soakAtLeast: SoakAtLeast.optional(),
  /** How long every node must stay on the new image and Ready before the soak begins, in ms. */
  stableForMs: z.number(),
  /** An ask nobody answered this long ends, in ms. */
  expiresMs: z.number(),
  /** When an open ask is told once more, after so many ms; absent: at half of `expiresMs`. */
  remindAfterMs: z.number().optional(),
  /** An approval older than this no longer counts, in ms; absent: as long as what it names stands. */
  validForMs: z.number().optional(),
  window: MergeWindow.optional(),
  /** Windows of others that share its files: merges wait until all of them are open at once. */
  alsoWithin: z.array(MergeWindow).optional(),
  freezes: z.array(Freeze).optional(),
  expedite: Expedite.optional(),
  /** Absent: a wave waits for its last node. */
  finish: Finish.optional(),
  /** No node finished for this long: the wave is called stalled, in ms. */
  stallAfterMs: z.number(),
});
export type EnvironmentPolicy = z.infer<typeof EnvironmentPolicy>;

/** Every window that has to be open for a merge. */
export function windowsOf({
  window,
  alsoWithin = [],
}: Pick<EnvironmentPolicy, 'window' | 'alsoWithin'>): readonly MergeWindow[] {
  return window === undefined ? alsoWithin : [window, ...alsoWithin];
}

/** What happens to a wave that still moves when the first of its windows ends: of several wishes the stricter. */
export function onWindowEnd(
  policy: Pick<EnvironmentPolicy, 'window' | 'alsoWithin'>,
): MergeWindow['onEnd'] {
  const wishes = windowsOf(policy).flatMap(({ onEnd }) => onEnd ?? []);
  return wishes.includes('brake') ? 'brake' : wishes[0];
}

/**
 * SHA-256 of the rules: a part of every digest, so that approvals do not outlive the policy they were given under.
 * Freezes are not in it: they only ever hold back, and hold at once whenever they were written.
 */
export function policyHash({ freezes: _, ...rules }: EnvironmentPolicy): string {
  return sha256(canonicalJson(rules));
}
