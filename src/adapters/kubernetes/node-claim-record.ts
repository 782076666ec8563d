import { z } from 'zod';
import { goDurationMs } from '../../tracking/go-duration.ts';
import type { NodeClaimDetail, NodeClaimView } from '../../tracking/types.ts';
import { vcpuChargeOf } from '../../tracking/vcpu-kind.ts';
import {
  Condition,
  conditionView,
  instantOf,
  isTrue,
  Metadata,
  type Read,
  readWith,
} from './kube-object.ts';
import { handledGroup } from './node-pool-view.ts';
import { quantityOf } from './quantity.ts';

const text = z.string().optional();

const NodeClaim = z.object({
  metadata: Metadata,
  spec: z.object({
    nodeClassRef: z.object({ group: z.string(), name: z.string() }),
    terminationGracePeriod: text,
    expireAfter: text,
  }),
  status: z
    .object({
      conditions: z.array(Condition).default([]),
      imageID: text,
      nodeName: text,
      capacity: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    })
    .default({ conditions: [] }),
});

/**
 * A NodeClaim as it says itself; whether its Node is Ready is known to the Node alone. One that cannot be read counts as there, without
 * an image, and not Ready.
 */
export function readNodeClaim(object: unknown): Read<NodeClaimView> {
  return readWith<typeof NodeClaim, NodeClaimView>(NodeClaim, object, {
    view: viewOf,
    unreadable: (name) => ({ ...unknownClaim, ...placeOf(object), name }),
  });
}

function viewOf(claim: z.infer<typeof NodeClaim>): NodeClaimView {
  const { metadata, spec, status } = claim;
  return {
    ...(spec.nodeClassRef.group !== handledGroup && { otherGroup: true as const }),
    name: metadata.name,
    nodePool: metadata.labels['karpenter.sh/nodepool'] ?? '',
    nodeClass: spec.nodeClassRef.name,
    // the API may leave the fields out or empty until they are known
    ...(status.imageID !== undefined && status.imageID !== '' && { imageId: status.imageID }),
    ...(status.nodeName !== undefined && status.nodeName !== '' && { nodeName: status.nodeName }),
    launched: isTrue(status.conditions, 'Launched'),
    registered: isTrue(status.conditions, 'Registered'),
    initialized: isTrue(status.conditions, 'Initialized'),
    ready: isTrue(status.conditions, 'Ready'),
    drifted: isTrue(status.conditions, 'Drifted'),
    deleting: metadata.deletionTimestamp !== undefined,
    disrupting: isTrue(status.conditions, 'DisruptionReason'),
    terminating: isTrue(status.conditions, 'InstanceTerminating'),
    vcpu: vcpuChargeOf(
      metadata.labels['node.kubernetes.io/instance-type'],
      metadata.labels['karpenter.sh/capacity-type'],
    ),
    detail: detailOf(claim),
  };
}

function detailOf({ metadata, spec, status }: z.infer<typeof NodeClaim>): NodeClaimDetail {
  const { labels, annotations } = metadata;
  const termination = annotations['karpenter.sh/nodeclaim-termination-timestamp'];
  return {
    ...given('createdAt', instantOf(metadata.creationTimestamp)),
    ...given('deletedAt', instantOf(metadata.deletionTimestamp)),
    conditions: status.conditions.map(conditionView),
    ...given('graceMs', goDurationMs(spec.terminationGracePeriod)),
    ...given('forcedEndAt', instantOf(termination)),
    ...given('expireMs', goDurationMs(spec.expireAfter)),
    doNotDisrupt: annotations['karpenter.sh/do-not-disrupt'] === 'true',
    ...given('capacityType', labels['karpenter.sh/capacity-type']),
    ...given('zone', labels['topology.kubernetes.io/zone']),
    ...given('instanceType', labels['node.kubernetes.io/instance-type']),
    ...given('cpu', quantityOf(status.capacity?.['cpu'] ?? '')),
  };
}

/** A property that is left out when nothing is known of it. */
function given<K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: T });
}

const unknownClaim = {
  nodePool: '',
  nodeClass: '',
  launched: false,
  registered: false,
  initialized: false,
  ready: false,
  drifted: false,
  deleting: false,
  disrupting: false,
  detail: { conditions: [], doNotDisrupt: false },
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
