import type { Instant } from '../../../shared/time.ts';
import { minute, second } from '../../../shared/time.ts';
import { withCondition, withReady } from '../conditions.ts';
import type { Condition, NodeClass, ResolvedAmi } from '../objects.ts';
import type { Simulation } from '../simulation.ts';
import { hashOf } from './hash.ts';

const dependents = [
  'AMIsReady',
  'SubnetsReady',
  'SecurityGroupsReady',
  'InstanceProfileReady',
  'ValidationSucceeded',
];

/** Reacts to a new generation within seconds, looks again every 5 minutes, and backs off from what fails. */
export function stepNodeClasses(simulation: Simulation, now: Instant): void {
  const { store, memory, random } = simulation;
  for (const nodeClass of store.list('ec2nodeclasses')) {
    const { name, generation = 1 } = nodeClass.metadata;
    const plan = memory.classes[name];
    if (plan === undefined || plan.generation !== generation) {
      const reconcileAt = now + random.between(1, 3) * second;
      memory.classes[name] = { generation, reconcileAt, failures: 0 };
    } else if (now >= plan.reconcileAt) {
      const fine = reconcile(simulation, nodeClass, now);
      const failures = fine ? 0 : plan.failures + 1;
      const backOff = Math.min(5 * minute, 2 ** failures * second);
      memory.classes[name] = {
        generation,
        reconcileAt: now + (fine ? 5 * minute : backOff),
        failures,
      };
    }
  }
}

/** @returns false where Karpenter's reconciler returns an error. */
export function reconcile(simulation: Simulation, nodeClass: NodeClass, now: Instant): boolean {
  const { store, region, memory, resolve } = simulation;
  const observedGeneration = nodeClass.metadata.generation ?? 1;
  const terms = nodeClass.spec.amiSelectorTerms;
  const refused = unsupportedAlias(terms, memory.kubernetes);
  const found =
    refused === undefined ? resolve({ region, kubernetes: memory.kubernetes, terms }) : [];
  const nothing = found === 'unresolved' || found.length === 0;
  // An alias that finds nothing is an error that sets no condition: the images and AMIsReady stay as they were.
  const stalled =
    nothing && refused === undefined && terms.some(({ alias }) => alias !== undefined);
  let conditions: readonly Condition[] = nodeClass.status?.conditions ?? [];
  let amis: readonly ResolvedAmi[] | undefined = nodeClass.status?.amis;
  if (!stalled) {
    amis = nothing ? undefined : found;
    conditions = withCondition(
      conditions,
      'AMIsReady',
      nothing
        ? { status: 'False', observedGeneration, ...(refused ?? notFound) }
        : { status: 'True', observedGeneration },
      now,
    );
  } else if (!conditions.some(({ type }) => type === 'AMIsReady')) {
    const said = { reason: 'AwaitingReconciliation', message: 'object is awaiting reconciliation' };
    conditions = withCondition(
      conditions,
      'AMIsReady',
      { status: 'Unknown', observedGeneration, ...said },
      now,
    );
  }
  for (const type of ['SubnetsReady', 'SecurityGroupsReady', 'InstanceProfileReady'])
    conditions = withCondition(conditions, type, { status: 'True', observedGeneration }, now);
  conditions = withCondition(
    conditions,
    'ValidationSucceeded',
    nothing && !stalled
      ? { status: 'False', observedGeneration, ...dependenciesNotReady }
      : { status: 'True', observedGeneration },
    now,
  );
  conditions = withReady(conditions, dependents, observedGeneration, now);
  const { amis: _, ...rest } = nodeClass.status ?? { conditions };
  store.put(
    'ec2nodeclasses',
    {
      ...nodeClass,
      metadata: {
        ...nodeClass.metadata,
        annotations: {
          ...nodeClass.metadata.annotations,
          // which images are selected is not in the hash: an image bump is AMIDrift, not NodeClassDrift
          'karpenter.k8s.aws/ec2nodeclass-hash': hashOf(nodeClass.spec, selectors),
          'karpenter.k8s.aws/ec2nodeclass-hash-version': 'v5',
        },
        finalizers: ['karpenter.k8s.aws/termination'],
      },
      status: {
        ...rest,
        ...(amis !== undefined && { amis }),
        ...discovered(simulation),
        conditions,
      },
    },
    now,
  );
  return !stalled;
}

const selectors = ['amiSelectorTerms', 'subnetSelectorTerms', 'securityGroupSelectorTerms'];

const notFound = { reason: 'AMINotFound', message: 'AMISelector did not match any AMIs' };

const dependenciesNotReady = {
  reason: 'DependenciesNotReady',
  message: 'Awaiting AMI, Instance Profile, Security Group, and Subnet resolution',
};

/** Karpenter refuses the al2 alias from 1.33 on; the message's wording is ours, the reason is Karpenter's. */
function unsupportedAlias(terms: NodeClass['spec']['amiSelectorTerms'], kubernetes: string) {
  const isAl2 = terms.some(({ alias }) => alias?.startsWith('al2@') === true);
  if (!isAl2 || Number(kubernetes.slice(2)) < 33) return undefined;
  return {
    reason: 'UnsupportedAlias',
    message: `AL2 is not supported with Kubernetes ${kubernetes}`,
  };
}

function discovered({ name, region }: Simulation) {
  return {
    instanceProfile: `${name}_4067990795380418201`,
    securityGroups: [{ id: 'sg-0c1d2e3f4a5b60001', name: `eks-cluster-sg-${name}` }],
    subnets: subnetsOf(region),
  };
}

/** The three subnets that every cluster of a region has. */
export function subnetsOf(
  region: string,
): readonly { readonly id: string; readonly zone: string }[] {
  return ['a', 'b', 'c'].map((zone) => ({
    id: `subnet-0aa000000000000${zone}1`,
    zone: `${region}${zone}`,
  }));
}
