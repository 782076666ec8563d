import { z } from 'zod';
import { canonicalJson, sha256 } from '../shared/canonical.ts';
import { SlackGroupId, SlackUserId } from '../shared/ids.ts';

/** Who may decide, and how many of them it takes. Members of the groups are looked up afresh at every decision. */
export const DecisionRule = z.object({
  users: z.array(SlackUserId),
  groups: z.array(SlackGroupId),
  /** Different people needed; at least 1. */
  count: z.number().int().min(1),
});
export type DecisionRule = z.infer<typeof DecisionRule>;

/** What Amiable may do in an environment: only say, also propose pull requests, or also merge them. */
export const Mode = z.enum(['observe', 'propose', 'merge']);
export type Mode = z.infer<typeof Mode>;

/** One step of an environment's order: so many clusters, so many a region, these clusters, or all that are left. */
export const WaveSpec = z.union([
  z.object({ clusters: z.union([z.number().int().min(1), z.array(z.string()).min(1)]) }),
  z.object({ perRegion: z.number().int().min(1) }),
  z.literal('rest'),
]);
export type WaveSpec = z.infer<typeof WaveSpec>;

/** The decision rules of one environment, as they stood when a rollout or an ask was written. */
export const EnvironmentPolicy = z.object({
  name: z.string(),
  /** Environments that must have soaked healthily first; none means it may start at once. */
  after: z.array(z.string()),
  mode: Mode,
  approval: DecisionRule,
  recovery: DecisionRule,
  waves: z.array(WaveSpec),
  /** Healthy time after a wave's last replaced node before it counts as complete, in ms; 0 means none. */
  soakMs: z.number(),
  /** How long every node must stay on the new image and Ready before the soak begins, in ms. */
  stableForMs: z.number(),
  /** An ask nobody answered this long ends, in ms. */
  expiresMs: z.number(),
  /** No node finished for this long: the wave is called stalled, in ms. */
  stallAfterMs: z.number(),
});
export type EnvironmentPolicy = z.infer<typeof EnvironmentPolicy>;

/** SHA-256 of the rules: a part of every digest, so that approvals do not outlive the policy they were given under. */
export function policyHash(policy: EnvironmentPolicy): string {
  return sha256(canonicalJson(policy));
}
