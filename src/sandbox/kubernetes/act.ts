import { assertNever } from '../../shared/assert-never.ts';
import type { Instant } from '../../shared/time.ts';
import { recordEvent } from './events.ts';
import { deleteClaim, is, isDeleting, markClaim, nodeOf, plan } from './karpenter/claims.ts';
import { createClaim } from './karpenter/new-claim.ts';
import { withReadiness } from './karpenter/new-node.ts';
import { stepBudgets } from './karpenter/pods.ts';
import type { NodeClaim, PodDisruptionBudget } from './objects.ts';
import { stamp } from './objects.ts';
import type { Architecture, LaunchFailure, Simulation } from './simulation.ts';

/** What somebody, or bad luck, does to a cluster. A `name` is a NodeClaim's; absent: the youngest that fits. */
export type Act =
  | { readonly do: 'add-node'; readonly nodePool: string; readonly arch?: Architecture }
  /** The instance is gone without a word; its pods are replaced elsewhere. */
  | { readonly do: 'kill-node'; readonly name?: string }
  /** A spot interruption: the node drains at once, budgets or not. */
  | { readonly do: 'interrupt-node'; readonly name?: string }
  /** Karpenter finds that its pods fit elsewhere, and takes the node away. */
  | { readonly do: 'consolidate-node'; readonly name?: string }
  /** The kubelet stops answering. */
  | { readonly do: 'degrade'; readonly name?: string }
  | { readonly do: 'recover'; readonly name?: string }
  /** Lets a PodDisruptionBudget allow nothing; makes one over the first workload when there is none of the name. */
  | { readonly do: 'block-pdb'; readonly namespace?: string; readonly name?: string }
  | { readonly do: 'unblock-pdb'; readonly namespace?: string; readonly name?: string }
  | { readonly do: 'launch-failures'; readonly how: LaunchFailure | 'none' }
  | { readonly do: 'upgrade-control-plane'; readonly to: string }
  /** Somebody edits the live EC2NodeClass with kubectl; an Argo CD that heals puts it back. */
  | { readonly do: 'edit-node-class'; readonly alias: string; readonly name?: string }
  /** Another Karpenter or Argo CD is installed; no versions: none. */
  | { readonly do: 'serve-versions'; readonly group: string; readonly versions: readonly string[] }
  /** Takes from the bot, or gives it, a right such as `patch nodes`. */
  | { readonly do: 'deny' | 'allow'; readonly what: string };

/** @throws Error when there is no such object: a control call with a typing mistake must not look done. */
export function act(simulation: Simulation, what: Act, now: Instant): void {
  const { store, memory } = simulation;
  switch (what.do) {
    case 'add-node': {
      const nodePool = store.get('nodepools', what.nodePool);
      if (nodePool === undefined) throw new Error(`There is no NodePool ${what.nodePool}`);
      createClaim(simulation, nodePool, { arch: what.arch ?? 'x86_64', gpu: false }, now);
      return;
    }
    case 'kill-node': {
      const { name } = claimFor(simulation, what.name).metadata;
      deleteClaim(simulation, name, now);
      plan(simulation, name, { goneAt: now });
      return;
    }
    case 'interrupt-node': {
      const claim = claimFor(simulation, what.name);
      const message = 'Spot interruption warning was triggered for the node';
      recordEvent(simulation, claim, { type: 'Warning', reason: 'SpotInterrupted', message }, now);
      deleteClaim(simulation, claim.metadata.name, now);
      return;
    }
    case 'consolidate-node': {
      const claim = claimFor(simulation, what.name);
      const { name } = claim.metadata;
      const reason = 'Underutilized';
      markClaim(
        simulation,
        name,
        'DisruptionReason',
        { status: 'True', reason, message: reason },
        now,
      );
      const message = `Disrupting NodeClaim: ${reason}`;
      recordEvent(simulation, claim, { reason: 'DisruptionTerminating', message }, now);
      deleteClaim(simulation, name, now);
      return;
    }
    case 'degrade':
    case 'recover': {
      const node = nodeOf(store, claimFor(simulation, what.name));
      if (node !== undefined)
        store.put(
          'nodes',
          withReadiness(node, what.do === 'recover' ? 'True' : 'Unknown', now),
          now,
        );
      return;
    }
    case 'block-pdb':
      block(simulation, what, now);
      return;
    case 'unblock-pdb':
      unblock(simulation, what, now);
      return;
    case 'launch-failures':
      memory.launchFailure = what.how === 'none' ? undefined : what.how;
      if (what.how === 'none') mendStarted(simulation);
      return;
    case 'upgrade-control-plane':
      memory.kubernetes = what.to;
      return;
    case 'edit-node-class':
      editNodeClass(simulation, what, now);
      return;
    case 'serve-versions':
      memory.servedVersions = { ...memory.servedVersions, [what.group]: what.versions };
      return;
    case 'deny':
      memory.denied = [...new Set([...memory.denied, what.what])];
      return;
    case 'allow':
      memory.denied = memory.denied.filter((entry) => entry !== what.what);
      return;
    default:
      assertNever(what);
  }
}

/** As `kubectl edit` writes it: the API server notes the program as the manager of what it changed. */
function editNodeClass(
  { store }: Simulation,
  { alias, name = 'default' }: { readonly alias: string; readonly name?: string },
  now: Instant,
): void {
  const nodeClass = store.get('ec2nodeclasses', name);
  if (nodeClass === undefined) throw new Error(`There is no EC2NodeClass ${name}`);
  const { managedFields = [] } = nodeClass.metadata;
  const entry = {
    manager: 'kubectl-edit',
    operation: 'Update' as const,
    apiVersion: nodeClass.apiVersion,
    time: stamp(now),
    fieldsType: 'FieldsV1' as const,
    fieldsV1: { 'f:spec': { 'f:amiSelectorTerms': {} } },
  };
  const others = managedFields.filter(({ manager }) => manager !== entry.manager);
  store.put(
    'ec2nodeclasses',
    {
      ...nodeClass,
      metadata: { ...nodeClass.metadata, managedFields: [...others, entry] },
      spec: { ...nodeClass.spec, amiSelectorTerms: [{ alias }] },
    },
    now,
  );
}

function claimFor({ store }: Simulation, name: string | undefined): NodeClaim {
  const standing = store.list('nodeclaims').filter((claim) => !isDeleting(claim));
  const born = ({ metadata }: NodeClaim) => metadata.creationTimestamp ?? '';
  const found =
    name === undefined
      ? standing
          .filter((claim) => is(claim, 'Initialized'))
          .sort((a, b) => (born(a) < born(b) ? 1 : -1))[0]
      : standing.find(({ metadata }) => metadata.name === name);
  if (found === undefined)
    throw new Error(`There is no NodeClaim ${name ?? 'that is initialized'}`);
  return found;
}

/** Nodes that hang before they are initialized come up after all; what never registered stays lost, as its image is bad. */
function mendStarted({ memory }: Simulation): void {
  for (const [name, { failure, ...planned }] of Object.entries(memory.claims))
    if (failure === 'never-ready' || failure === 'no-driver') memory.claims[name] = planned;
}

type Named = { readonly namespace?: string; readonly name?: string };

function block(simulation: Simulation, named: Named, now: Instant): void {
  const { store, memory } = simulation;
  const found = budgetFor(simulation, named);
  const workload = memory.workloads[0];
  if (found === undefined && workload === undefined)
    throw new Error('There is no workload to hold a PodDisruptionBudget over');
  const budget: PodDisruptionBudget = found ?? {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: {
      namespace: named.namespace ?? workload?.namespace ?? 'default',
      name: named.name ?? `${workload?.app ?? 'web'}-pdb`,
    },
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: workload?.app ?? 'web' } } },
  };
  const { minAvailable, maxUnavailable, selector } = budget.spec;
  memory.heldBudgets[keyOf(budget)] ??= {
    ...(minAvailable !== undefined && { minAvailable }),
    ...(maxUnavailable !== undefined && { maxUnavailable }),
  };
  const held = { ...budget, spec: { selector, minAvailable: '100%' } };
  store.put('poddisruptionbudgets', held, now);
  stepBudgets(simulation, now);
}

function unblock(simulation: Simulation, named: Named, now: Instant): void {
  const { store, memory } = simulation;
  const budget = budgetFor(simulation, named);
  const before = budget === undefined ? undefined : memory.heldBudgets[keyOf(budget)];
  if (budget === undefined || before === undefined)
    throw new Error(`There is no PodDisruptionBudget ${named.name ?? ''} that was blocked`);
  delete memory.heldBudgets[keyOf(budget)];
  const { selector } = budget.spec;
  store.put('poddisruptionbudgets', { ...budget, spec: { selector, ...before } }, now);
  stepBudgets(simulation, now);
}

function budgetFor({ store }: Simulation, { namespace, name }: Named) {
  return store
    .list('poddisruptionbudgets')
    .find(
      ({ metadata }) =>
        (name === undefined || metadata.name === name) &&
        (namespace === undefined || metadata.namespace === namespace),
    );
}

function keyOf({ metadata }: PodDisruptionBudget): string {
  return `${metadata.namespace}/${metadata.name}`;
}
