import type { Instant } from '../../../shared/time.ts';
import { demo } from '../../demo-world.ts';
import type { Node, NodeClaim } from '../objects.ts';
import { stamp } from '../objects.ts';
import type { Simulation } from '../simulation.ts';
import { gpuOf, machineOf } from './new-claim.ts';

export const capacity = {
  capacity: { cpu: '8', memory: '31104Mi', pods: '58', 'ephemeral-storage': '20Gi' },
  allocatable: { cpu: '7910m', memory: '28Gi', pods: '58', 'ephemeral-storage': '17Gi' },
} as const;

/** The Node that a claim's instance registers: known, not Ready yet. */
export function newNode(simulation: Simulation, claim: NodeClaim, now: Instant): Node {
  const { memory, region, store } = simulation;
  const address = memory.nextAddress;
  memory.nextAddress += 1;
  const octets = `${10 + Math.floor(address / 62_500)}-${Math.floor(address / 250) % 250}-${address % 250}`;
  const name = `ip-10-${octets}.${region}.compute.internal`;
  const nodeClass = store.get('ec2nodeclasses', claim.spec.nodeClassRef.name);
  const image = nodeClass?.status?.amis?.find(({ id }) => id === claim.status?.imageID)?.name ?? '';
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        ...claim.metadata.labels,
        'kubernetes.io/hostname': name,
        'karpenter.sh/registered': 'true',
      },
      annotations: { ...claim.metadata.annotations },
      finalizers: ['karpenter.sh/termination'],
      ownerReferences: [
        {
          apiVersion: 'karpenter.sh/v1',
          kind: 'NodeClaim',
          name: claim.metadata.name,
          uid: claim.metadata.uid ?? '',
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      providerID: claim.status?.providerID ?? '',
      taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }],
    },
    status: {
      conditions: [readiness('False', now)],
      nodeInfo: {
        architecture: claim.metadata.labels?.['kubernetes.io/arch'] ?? 'amd64',
        bootID: '',
        containerRuntimeVersion: 'containerd://2.2.4',
        kernelVersion: kernelOf(image),
        kubeletVersion: `v${memory.kubernetes}.0-eks-3f9d1e7`,
        kubeProxyVersion: '',
        machineID: '',
        operatingSystem: 'linux',
        osImage: osImageOf(image),
        systemUUID: '',
      },
      ...capacity,
    },
  };
}

/** The same Node once its device plugin has registered what the claim's machine has. */
export function withDevices(node: Node, claim: NodeClaim): Node {
  if (!machineOf(claim).gpu || node.status === undefined) return node;
  const { capacity: has, allocatable } = node.status;
  const status = {
    ...node.status,
    capacity: { ...has, ...gpuOf },
    allocatable: { ...allocatable, ...gpuOf },
  };
  return { ...node, status };
}

/** The same Node once its kubelet is Ready and nothing holds it back. */
export function readyNode(node: Node, now: Instant): Node {
  const { taints = [], ...spec } = node.spec;
  const left = taints.filter(({ key }) => key !== 'node.kubernetes.io/not-ready');
  return {
    ...node,
    metadata: {
      ...node.metadata,
      labels: { ...node.metadata.labels, 'karpenter.sh/initialized': 'true' },
    },
    spec: { ...spec, ...(left.length > 0 && { taints: left }) },
    ...(node.status !== undefined && {
      status: { ...node.status, conditions: [readiness('True', now)] },
    }),
  };
}

/** The same Node with a kubelet that stopped answering, or is back. */
export function withReadiness(node: Node, status: 'True' | 'Unknown', now: Instant): Node {
  if (node.status === undefined) return node;
  return { ...node, status: { ...node.status, conditions: [readiness(status, now)] } };
}

function readiness(status: 'True' | 'False' | 'Unknown', now: Instant) {
  const said = {
    True: ['KubeletReady', 'kubelet is posting ready status'],
    False: ['KubeletNotReady', 'container runtime network not ready'],
    Unknown: ['NodeStatusUnknown', 'Kubelet stopped posting node status.'],
  } as const;
  const [reason, message] = said[status];
  return { type: 'Ready', status, reason, message, lastTransitionTime: stamp(now) };
}

function osImageOf(image: string): string {
  const bottlerocket = /^bottlerocket-(aws-k8s-.+)-(?:x86_64|arm64|aarch64)-v([\d.]+)/.exec(image);
  if (bottlerocket !== null) return `Bottlerocket OS ${bottlerocket[2]} (${bottlerocket[1]})`;
  const dated = /-v(\d{8})$/.exec(image);
  return dated === null ? 'Linux' : `Amazon Linux 2023.12.${dated[1]}`;
}

/** What the demonstration's notes say is in the image; of other images any kernel. */
function kernelOf(image: string): string {
  const machine = image.includes('arm64') ? 'aarch64' : 'x86_64';
  const release = demo.releases.find(({ tag }) => image.endsWith(`-${tag}`));
  return `${release?.kernel ?? '6.12.90-120.164.amzn2023'}.${machine}`;
}
