import { assertNever } from '../shared/assert-never.ts';
import { isoOf } from '../shared/time.ts';
import type { Blocker } from './blocker.ts';

/**
 * A blocker in one sentence, with times as ISO 8601 in UTC. It holds names and words from outside: whoever shows it
 * escapes it, and may turn the times into the reader's own.
 */
export function blockerText(blocker: Blocker): string {
  const { object, node = 'a node', owner, nodes, words } = blocker;
  const name = object.replace(/^[^/]+\//, '');
  const held = nodes === 1 ? '1 node waits' : `${nodes} nodes wait`;
  const whose = owner === undefined ? '' : ` of ${owner}`;
  const said =
    words === undefined || words === '' ? '' : `: ${words.slice(0, 300).replace(/[.\s]+$/, '')}`;
  const aside = words === undefined || words === '' ? '' : ` (${words})`;
  const opens = blocker.opensAt === undefined ? '' : isoOf(blocker.opensAt);
  switch (blocker.cause) {
    case 'no-image':
      return `EC2NodeClass ${name} resolves to no image, so no new node can launch${said}.`;
    case 'nodeclass-not-ready':
      return `${object.replace('/', ' ')} cannot launch nodes, since the EC2NodeClass is not Ready${said}.`;
    case 'nodepool-missing':
      return `${node} is not replaced: its NodePool ${name} is gone.`;
    case 'budget': {
      const when = opens === '' ? 'nothing in its schedule opens it' : `it opens ${opens}`;
      return `The disruption budget of NodePool ${name}${aside} allows no replacement now; ${when}. ${held}.`;
    }
    case 'budget-invalid':
      return `NodePool ${name} replaces no node: a disruption budget${aside} has a schedule that Karpenter cannot read, which counts as 0 nodes. ${held}.`;
    case 'budget-used':
      return `The disruption budget of NodePool ${name} is taken by nodes that are not Ready${aside}. ${held}.`;
    case 'budget-draining':
      return `The disruption budget of NodePool ${name} is taken by nodes that have drained for long${aside}. ${held}.`;
    case 'nodepool-limits':
      return `NodePool ${name} has no room for a replacement within its limits${said}. ${held}.`;
    case 'pdb':
      return `${node} keeps pods${whose}: PodDisruptionBudget ${name} allows no disruption${aside}${opens === '' ? '' : `, until ${opens}`}.`;
    case 'several-pdbs':
      return `${node} keeps ${object.startsWith('Pod/') ? `pod ${name}` : 'a pod'}${whose}: more than one PodDisruptionBudget covers it${aside}, and such a pod cannot be evicted.`;
    case 'do-not-disrupt-pod':
      return `${node} keeps pod ${name}${whose}, which has karpenter.sh/do-not-disrupt${opens === '' ? '' : `, until ${opens}`}.`;
    case 'do-not-disrupt-node':
      return `${node} has karpenter.sh/do-not-disrupt${owner === undefined ? '' : `, set by ${owner}`}.`;
    case 'no-place':
      return `${node} is not replaced, since its pods would have no place${said}.`;
    case 'unschedulable':
      return `Pod ${name}${whose} finds no node${said}.`;
    case 'capacity':
      return `AWS has no capacity for ${object.replace('/', ' ')}${said}.`;
    case 'subnet-addresses':
      return `No subnet has free addresses for ${object.replace('/', ' ')}${said}.`;
    case 'launch':
      return `${object.replace('/', ' ')} does not launch${said}.`;
    case 'not-registering':
      return `The instance of NodeClaim ${name} does not join the cluster${said}.`;
    case 'not-ready':
      return `${node} runs the new image and is not Ready${said}.`;
    case 'grace-period':
      return `${node} drains; its terminationGracePeriod ends ${opens}, and then all its pods are deleted, whatever protects them.`;
    case 'volumes':
      return `${node} is drained and waits for its volumes to detach${said}.`;
    default:
      return assertNever(blocker.cause);
  }
}

/** Blockers of the same kind and object in one line each: the sentence of the first, and how many more nodes. */
export function groupedText(blockers: readonly Blocker[], most = 5): readonly string[] {
  const groups = new Map<string, Blocker[]>();
  for (const blocker of blockers) {
    const key = JSON.stringify([blocker.cause, groupOf(blocker)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [blocker]);
    else group.push(blocker);
  }
  const lines = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const others = group.length - 1;
    return [
      others === 0 ? blockerText(first) : `${blockerText(first)} The same of ${others} more.`,
    ];
  });
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most), `And ${lines.length - most} more.`];
}

function groupOf({ cause, object, owner }: Blocker): string {
  if (cause === 'pdb' || cause.startsWith('budget') || cause === 'capacity') return object;
  return owner ?? (cause === 'not-ready' || cause === 'no-place' ? cause : object);
}
