import { z } from 'zod';
import type { NodeClaimView } from '../../tracking/types.ts';
import { Condition, isTrue, Metadata, type Read, readWith } from './kube-object.ts';
import { architecturesOf, handledGroup, Requirements } from './node-pool-view.ts';

/** A NodeClaim as it says itself; whether its Node is Ready is known to the Node alone. */
export type NodeClaimRecord = { readonly handled: boolean; readonly view: NodeClaimView };

const text = z.string().optional();

const NodeClaim = z.object({
  metadata: Metadata,
  spec: z.object({
    nodeClassRef: z.object({ group: z.string(), name: z.string() }),
    requirements: Requirements,
  }),
  status: z
    .object({
      conditions: z.array(Condition).default([]),
      imageID: text,
      nodeName: text,
    })
    .default({ conditions: [], imageID: undefined, nodeName: undefined }),
});

/** One that cannot be read counts as there, without an image, and not Ready. */
export function readNodeClaim(object: unknown): Read<NodeClaimRecord> {
  return readWith<typeof NodeClaim, NodeClaimRecord>(NodeClaim, object, {
    view: ({ metadata, spec, status }) => ({
      handled: spec.nodeClassRef.group === handledGroup,
      view: {
        name: metadata.name,
        uid: metadata.uid,
        nodePool: metadata.labels['karpenter.sh/nodepool'] ?? '',
        nodeClass: spec.nodeClassRef.name,
        architecture: architectureOf(metadata.labels, spec.requirements),
        // the API may leave the fields out or empty until they are known
        ...(status.imageID !== undefined && status.imageID !== '' && { imageId: status.imageID }),
        ...(status.nodeName !== undefined &&
          status.nodeName !== '' && { nodeName: status.nodeName }),
        launched: isTrue(status.conditions, 'Launched'),
        registered: isTrue(status.conditions, 'Registered'),
        initialized: isTrue(status.conditions, 'Initialized'),
        ready: isTrue(status.conditions, 'Ready'),
        drifted: isTrue(status.conditions, 'Drifted'),
        deleting: metadata.deletionTimestamp !== undefined,
        disrupting: isTrue(status.conditions, 'DisruptionReason'),
        terminating: isTrue(status.conditions, 'InstanceTerminating'),
      },
    }),
    unreadable: (name) => ({
      handled: true,
      view: { ...unknownClaim, ...placeOf(object), name },
    }),
  });
}

const unknownClaim = {
  uid: '',
  nodePool: '',
  nodeClass: '',
  architecture: 'x86_64',
  launched: false,
  registered: false,
  initialized: false,
  ready: false,
  drifted: false,
  deleting: false,
  disrupting: false,
} as const;

const Placed = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()) }),
});

/** Where it belongs, if the labels at least can be read: else it would be missing from its class's count. */
function placeOf(object: unknown): { nodePool: string; nodeClass: string } {
  const { data } = Placed.safeParse(object);
  const labels = data?.metadata.labels ?? {};
  return {
    nodePool: labels['karpenter.sh/nodepool'] ?? '',
    nodeClass: labels['karpenter.k8s.aws/ec2nodeclass'] ?? '',
  };
}

function architectureOf(
  labels: Readonly<Record<string, string>>,
  requirements: z.infer<typeof Requirements>,
): 'x86_64' | 'arm64' {
  const label = labels['kubernetes.io/arch'];
  if (label !== undefined) return label === 'arm64' ? 'arm64' : 'x86_64';
  return architecturesOf(requirements)[0] ?? 'x86_64';
}
