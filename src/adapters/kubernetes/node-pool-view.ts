import { z } from 'zod';
import { goDurationMs } from '../../tracking/go-duration.ts';
import type { DisruptionBudget, NodePoolView } from '../../tracking/types.ts';
import { Condition, conditionView, Metadata, type Read, readWith } from './kube-object.ts';
import { quantitiesOf } from './quantity.ts';

/** The API group whose node classes have an image selector; EKS Auto Mode's have none. */
export const handledGroup = 'karpenter.k8s.aws';

const Requirements = z
  .array(
    z.object({
      key: z.string(),
      operator: z.string(),
      values: z.array(z.string()).default([]),
    }),
  )
  .default([]);

const Budget = z.object({
  nodes: z.string(),
  reasons: z.array(z.string()).optional(),
  schedule: z.string().optional(),
  duration: z.string().optional(),
});

const NodePool = z.object({
  metadata: Metadata,
  spec: z.object({
    template: z.object({
      spec: z.object({
        nodeClassRef: z.object({ group: z.string(), name: z.string() }),
        requirements: Requirements,
        terminationGracePeriod: z.string().optional(),
      }),
    }),
    disruption: z.object({ budgets: z.array(Budget).nullish() }).nullish(),
    limits: z.record(z.string(), z.union([z.string(), z.number()])).nullish(),
  }),
  status: z
    .object({
      resources: z.record(z.string(), z.union([z.string(), z.number()])).nullish(),
      conditions: z.array(Condition).default([]),
    })
    .default({ conditions: [] }),
});

export function readNodePool(object: unknown): Read<NodePoolView> {
  return readWith<typeof NodePool, NodePoolView>(NodePool, object, {
    view: ({ metadata, spec, status }) => ({
      name: metadata.name,
      nodeClass: spec.template.spec.nodeClassRef.name,
      managedHere: spec.template.spec.nodeClassRef.group === handledGroup,
      architectures: architecturesOf(spec.template.spec.requirements),
      budgets: (spec.disruption?.budgets ?? []).map(budgetView),
      limits: quantitiesOf(spec.limits ?? {}),
      used: quantitiesOf(status.resources ?? {}),
      ...graceOf(spec.template.spec.terminationGracePeriod),
      conditions: status.conditions.map(conditionView),
    }),
    unreadable: (name) => ({
      name,
      nodeClass: '',
      managedHere: false,
      architectures: ['x86_64', 'arm64'],
    }),
  });
}

function budgetView({ nodes, ...rest }: z.infer<typeof Budget>): DisruptionBudget {
  const { reasons, schedule, duration } = rest;
  return {
    nodes,
    ...(reasons !== undefined && { reasons }),
    ...(schedule !== undefined && { schedule }),
    ...(duration !== undefined && { duration }),
  };
}

function graceOf(text: string | undefined): { readonly graceMs?: number } {
  const graceMs = goDurationMs(text);
  return graceMs === undefined ? {} : { graceMs };
}

const architectures = [
  ['amd64', 'x86_64'],
  ['arm64', 'arm64'],
] as const;

/** What requirements leave of the two architectures; both when they say nothing of them. */
function architecturesOf(
  requirements: z.infer<typeof Requirements>,
): readonly ('x86_64' | 'arm64')[] {
  const onArch = requirements.filter(({ key }) => key === 'kubernetes.io/arch');
  return architectures
    .filter(([label]) =>
      onArch.every(({ operator, values }) => {
        if (operator === 'In') return values.includes(label);
        return operator !== 'NotIn' || !values.includes(label);
      }),
    )
    .map(([, architecture]) => architecture);
}
