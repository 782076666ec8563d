import { z } from 'zod';
import type { NodePoolView } from '../../tracking/types.ts';
import { Metadata, type Read, readWith } from './kube-object.ts';

/** The API group whose node classes have an image selector; EKS Auto Mode's have none. */
export const handledGroup = 'karpenter.k8s.aws';

export const Requirements = z
  .array(
    z.object({
      key: z.string(),
      operator: z.string(),
      values: z.array(z.string()).default([]),
    }),
  )
  .default([]);

const NodePool = z.object({
  metadata: Metadata,
  spec: z.object({
    template: z.object({
      spec: z.object({
        nodeClassRef: z.object({ group: z.string(), name: z.string() }),
        requirements: Requirements,
      }),
    }),
  }),
});

export function readNodePool(object: unknown): Read<NodePoolView> {
  return readWith(NodePool, object, {
    view: ({ metadata, spec }) => ({
      name: metadata.name,
      nodeClass: spec.template.spec.nodeClassRef.name,
      managedHere: spec.template.spec.nodeClassRef.group === handledGroup,
      architectures: architecturesOf(spec.template.spec.requirements),
    }),
    unreadable: (name) => ({
      name,
      nodeClass: '',
      managedHere: false,
      architectures: ['x86_64', 'arm64'],
    }),
  });
}

const architectures = [
  ['amd64', 'x86_64'],
  ['arm64', 'arm64'],
] as const;

/** What requirements leave of the two architectures; both when they say nothing of them. */
export function architecturesOf(
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
