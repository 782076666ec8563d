import type { NodeClaim } from '../../src/sandbox/kubernetes/objects.ts';

const at = '2026-06-29T18:02:11Z';

/** A NodeClaim of the size real ones have, 4.6 KB; one in motion is not Ready yet. */
export function benchClaim(index: number, moving: boolean): NodeClaim {
  const hex = index.toString(16).padStart(17, '0');
  const name = `general-${index.toString(36).padStart(5, '0')}`;
  const condition = (type: string, status: 'True' | 'Unknown' = 'True') => ({
    type,
    status,
    reason: type,
    message: '',
    observedGeneration: 1,
    lastTransitionTime: at,
  });
  const ready = moving ? 'Unknown' : 'True';
  const requirement = (key: string, ...values: string[]) => ({ key, operator: 'In', values });
  const types = ['m7i', 'm7a', 'm6i', 'm5', 'c7i', 'c7a', 'c6i', 'c5', 'r7i', 'r6i', 'r5'].flatMap(
    (family) =>
      ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge'].map(
        (size) => `${family}.${size}`,
      ),
  );
  return {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodeClaim',
    metadata: {
      name,
      uid: `c1a1${hex.slice(0, 4)}-0000-4000-8000-${hex.slice(5)}`,
      generation: 1,
      resourceVersion: String(88_000_000 + index),
      creationTimestamp: at,
      annotations: {
        'compatibility.karpenter.k8s.aws/cluster-name-tagged': 'true',
        'karpenter.k8s.aws/ec2nodeclass-hash': '14313742853027151459',
        'karpenter.k8s.aws/ec2nodeclass-hash-version': 'v5',
        'karpenter.k8s.aws/tagged': 'true',
        'karpenter.sh/nodepool-hash': '12987612610332357418',
        'karpenter.sh/nodepool-hash-version': 'v3',
      },
      finalizers: ['karpenter.sh/termination'],
      labels: {
        'karpenter.k8s.aws/ec2nodeclass': 'default',
        'karpenter.k8s.aws/instance-category': 'm',
        'karpenter.k8s.aws/instance-cpu': '8',
        'karpenter.k8s.aws/instance-family': 'm7i',
        'karpenter.k8s.aws/instance-generation': '7',
        'karpenter.k8s.aws/instance-hypervisor': 'nitro',
        'karpenter.k8s.aws/instance-memory': '32768',
        'karpenter.k8s.aws/instance-network-bandwidth': '2500',
        'karpenter.k8s.aws/instance-size': '2xlarge',
        'karpenter.sh/capacity-type': 'on-demand',
        'karpenter.sh/nodepool': 'general',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': 'm7i.2xlarge',
        'topology.k8s.aws/zone-id': 'euw1-az2',
        'topology.kubernetes.io/region': 'eu-west-1',
        'topology.kubernetes.io/zone': 'eu-west-1b',
      },
      ownerReferences: [
        {
          apiVersion: 'karpenter.sh/v1',
          blockOwnerDeletion: true,
          kind: 'NodePool',
          name: 'general',
          uid: '7a1f0000-0000-4000-8000-000000000001',
        },
      ],
    },
    spec: {
      expireAfter: '720h',
      nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'default' },
      requirements: [
        requirement('karpenter.sh/nodepool', 'general'),
        requirement('kubernetes.io/os', 'linux'),
        requirement('kubernetes.io/arch', 'amd64'),
        requirement('karpenter.sh/capacity-type', 'on-demand', 'spot'),
        requirement('karpenter.k8s.aws/instance-category', 'c', 'm', 'r'),
        requirement('node.kubernetes.io/instance-type', ...types),
      ],
      resources: { requests: { cpu: '4210m', memory: '9Gi', pods: '14' } },
      terminationGracePeriod: '1h',
    },
    status: {
      conditions: [
        condition('Launched'),
        condition('Registered', ready),
        condition('Initialized', ready),
        condition('ConsistentStateFound'),
        condition('Consolidatable'),
        condition('Ready', ready),
      ],
      imageID: 'ami-0a11c0de5a1e51001',
      providerID: `aws:///eu-west-1b/i-${hex}`,
      capacity: { cpu: '8', memory: '31104Mi', pods: '58', 'ephemeral-storage': '20Gi' },
      allocatable: { cpu: '7910m', memory: '28Gi', pods: '58', 'ephemeral-storage': '17Gi' },
      ...(!moving && {
        nodeName: `ip-10-${index >> 16}-${(index >> 8) & 255}-${index & 255}.eu-west-1.compute.internal`,
      }),
    },
  };
}
