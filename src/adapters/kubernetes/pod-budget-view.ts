import { z } from 'zod';
import type { PodBudgetView } from '../../tracking/types.ts';
import { Condition, instantOf, Metadata, type Read, readWith } from './kube-object.ts';

const count = z.number().int().default(0);

const PodDisruptionBudget = z.object({
  metadata: Metadata,
  spec: z.object({
    selector: z
      .object({
        matchLabels: z.record(z.string(), z.string()).default({}),
        matchExpressions: z
          .array(
            z.object({
              key: z.string(),
              operator: z.string(),
              values: z.array(z.string()).default([]),
            }),
          )
          .default([]),
      })
      // policy/v1: no selector at all selects nothing
      .nullish(),
    unhealthyPodEvictionPolicy: z.string().nullish(),
  }),
  status: z
    .object({
      disruptionsAllowed: count,
      currentHealthy: count,
      desiredHealthy: count,
      expectedPods: count,
      conditions: z.array(Condition).default([]),
    })
    .optional(),
});

const nothing = {
  matchLabels: {},
  matchExpressions: [{ key: '', operator: 'Exists', values: [] }],
} as const;

/** A PodDisruptionBudget as tracking sees it; one that cannot be read is over no pod. */
export function readPodBudget(object: unknown): Read<PodBudgetView> {
  return readWith<typeof PodDisruptionBudget, PodBudgetView>(PodDisruptionBudget, object, {
    view: ({ metadata, spec, status }) => {
      const said = status?.conditions.find(({ type }) => type === 'DisruptionAllowed');
      const since = said?.status === 'False' ? instantOf(said.lastTransitionTime) : undefined;
      return {
        namespace: metadata.namespace ?? '',
        name: metadata.name,
        selector: spec.selector ?? nothing,
        // the controller has not looked yet: the Eviction API refuses as well
        allowed: status?.disruptionsAllowed ?? 0,
        healthy: status?.currentHealthy ?? 0,
        desired: status?.desiredHealthy ?? 0,
        expected: status?.expectedPods ?? 0,
        ...(spec.unhealthyPodEvictionPolicy === 'AlwaysAllow' && { letsUnreadyGo: true as const }),
        ...(since !== undefined && { since }),
      };
    },
    unreadable: (name) => ({
      namespace: '',
      name,
      selector: nothing,
      allowed: 0,
      healthy: 0,
      desired: 0,
      expected: 0,
    }),
  });
}
