import type { Instant } from '../../../shared/time.ts';
import { minute, second } from '../../../shared/time.ts';
import type { NodeClaim, NodePool } from '../objects.ts';
import type { Architecture, Simulation } from '../simulation.ts';
import { poolHash } from './node-pool-controller.ts';

export type Machine = { readonly arch: Architecture; readonly gpu: boolean };

/** Asks for a node as Karpenter does: the NodeClaim is there at once, everything else follows. */
export function createClaim(
  simulation: Simulation,
  nodePool: NodePool,
  machine: Machine,
  now: Instant,
): NodeClaim {
  const { store, memory, random } = simulation;
  const pool = nodePool.metadata.name;
  const name = `${pool}-${random.suffix(5)}`;
  // a name that is taken is drawn again
  if (store.get('nodeclaims', name) !== undefined)
    return createClaim(simulation, nodePool, machine, now);
  const launchAt = now + random.between(2, 8) * second;
  const registerAt = launchAt + random.between(25, 45) * second;
  memory.claims[name] = {
    launchAt,
    registerAt,
    initializeAt: registerAt + random.between(10, 25) * second,
    driftCheckAt: registerAt + 5 * minute,
    ...(memory.launchFailure !== undefined && { failure: memory.launchFailure }),
  };
  const { spec } = nodePool.spec.template;
  const nodeClass = spec.nodeClassRef.name;
  const template = nodePool.spec.template.metadata ?? {};
  const type = instanceTypeOf(machine);
  const classHash = store.get('ec2nodeclasses', nodeClass)?.metadata.annotations;
  const awaiting = {
    status: 'Unknown',
    reason: 'AwaitingReconciliation',
    message: 'object is awaiting reconciliation',
  } as const;
  return store.put(
    'nodeclaims',
    {
      apiVersion: 'karpenter.sh/v1',
      kind: 'NodeClaim',
      metadata: {
        name,
        annotations: {
          ...template.annotations,
          ...hashAnnotations('karpenter.k8s.aws/ec2nodeclass', classHash),
          'karpenter.sh/nodepool-hash': poolHash(nodePool),
          'karpenter.sh/nodepool-hash-version': 'v3',
        },
        labels: {
          ...template.labels,
          'karpenter.k8s.aws/ec2nodeclass': nodeClass,
          'karpenter.k8s.aws/instance-family': type.split('.')[0] ?? '',
          ...(machine.gpu && { 'karpenter.k8s.aws/instance-gpu-count': '1' }),
          'karpenter.sh/capacity-type': 'on-demand',
          'karpenter.sh/nodepool': pool,
          'kubernetes.io/arch': machine.arch === 'x86_64' ? 'amd64' : 'arm64',
          'kubernetes.io/os': 'linux',
          'node.kubernetes.io/instance-type': type,
          'topology.kubernetes.io/region': simulation.region,
          'topology.kubernetes.io/zone': `${simulation.region}${['a', 'b', 'c'][random.between(0, 2)]}`,
        },
        finalizers: ['karpenter.sh/termination'],
        ownerReferences: [
          {
            apiVersion: 'karpenter.sh/v1',
            kind: 'NodePool',
            name: pool,
            uid: nodePool.metadata.uid ?? '',
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: {
        nodeClassRef: spec.nodeClassRef,
        requirements: [
          { key: 'karpenter.sh/nodepool', operator: 'In', values: [pool] },
          { key: 'node.kubernetes.io/instance-type', operator: 'In', values: [type] },
        ],
        resources: {
          requests: { cpu: '4210m', memory: '9Gi', pods: '14', ...(machine.gpu && gpuOf) },
        },
        ...(spec.expireAfter !== undefined && { expireAfter: spec.expireAfter }),
        ...(spec.terminationGracePeriod !== undefined && {
          terminationGracePeriod: spec.terminationGracePeriod,
        }),
      },
      status: {
        conditions: ['Launched', 'Registered', 'Initialized', 'Ready'].map((conditionType) => ({
          type: conditionType,
          ...(conditionType === 'Ready' ? { ...awaiting, ...reconciling } : awaiting),
          observedGeneration: 1,
          lastTransitionTime: new Date(now).toISOString().replace(/\.\d+/, ''),
        })),
      },
    },
    now,
  );
}

const reconciling = {
  reason: 'ReconcilingDependents',
  message: 'Launched=Unknown, Registered=Unknown, Initialized=Unknown',
};

/** The extended resource of a machine with a GPU. */
export const gpuOf = { 'nvidia.com/gpu': '1' } as const;

export function machineOf({ metadata }: NodeClaim): Machine {
  return {
    arch: metadata.labels?.['kubernetes.io/arch'] === 'arm64' ? 'arm64' : 'x86_64',
    gpu: metadata.labels?.['karpenter.k8s.aws/instance-gpu-count'] !== undefined,
  };
}

function instanceTypeOf({ arch, gpu }: Machine): string {
  if (gpu) return arch === 'arm64' ? 'g5g.2xlarge' : 'g6.2xlarge';
  return arch === 'arm64' ? 'm7g.2xlarge' : 'm7i.2xlarge';
}

function hashAnnotations(prefix: string, from: Readonly<Record<string, string>> | undefined) {
  const keys = [`${prefix}-hash`, `${prefix}-hash-version`];
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = from?.[key];
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}
