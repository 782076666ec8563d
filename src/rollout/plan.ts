import { z } from 'zod';
import { RepositoryName } from '../shared/ids.ts';
import { EnvironmentPolicy } from './policy.ts';

/** Clusters of an environment that move together. */
export const WavePlan = z.object({
  name: z.string(),
  clusters: z.array(z.string()).min(1),
  /** Only these EC2NodeClasses of them; absent: all, but those of `otherThan`. */
  nodeClasses: z.array(z.string()).exactOptional(),
  otherThan: z.array(z.string()).exactOptional(),
  /** Repositories that get a pull request; unknown until the change is computed. */
  repositories: z.array(RepositoryName).optional(),
  /** Healthy time before it counts as complete, in ms; absent: the environment's. */
  soakMs: z.number().optional(),
});
export type WavePlan = z.infer<typeof WavePlan>;

/** An environment as the rollout means to take it. `replaces` says per cluster what its pins name now. */
export const EnvironmentPlan = z.object({
  policy: EnvironmentPolicy,
  waves: z.array(WavePlan),
  replaces: z.array(
    z.object({
      cluster: z.string(),
      release: z.string(),
      pins: z.number(),
      /** Minor of its control plane then. */
      kubernetes: z.string().optional(),
    }),
  ),
});
export type EnvironmentPlan = z.infer<typeof EnvironmentPlan>;
