/** Why Karpenter says that a node is no candidate, from the words of any version 1.0 to 1.14. */
export type EventCause =
  | { readonly kind: 'pdb'; readonly names: readonly string[] }
  | { readonly kind: 'several-pdbs'; readonly names: readonly string[] }
  | { readonly kind: 'do-not-disrupt-pod'; readonly pod: string }
  | { readonly kind: 'do-not-disrupt-node' }
  | { readonly kind: 'nodepool-missing'; readonly nodePool: string }
  /** Over in a moment by itself: being deleted, not initialized, nominated for a pod. */
  | { readonly kind: 'passing' }
  /** The scheduler's words: its pods have no other place. */
  | { readonly kind: 'no-place' };

/** Source: DisruptionBlocked on Nodes and NodeClaims; kubernetes-sigs/karpenter, pkg/controllers/disruption. */
export function eventCause(message: string): EventCause {
  const several = /does not support multiple PDBs \(PodDisruptionBudget\(s\)=\[([^\]]*)\]\)/i.exec(
    message,
  );
  if (several !== null) return { kind: 'several-pdbs', names: namesIn(several[1]) };
  const pdb =
    /pdb (?:"([^"]+)" )?prevents pod evictions(?: \(PodDisruptionBudget=\[?([^\])]+)\]?\))?/i.exec(
      message,
    );
  if (pdb !== null) return { kind: 'pdb', names: namesIn(pdb[1] ?? pdb[2]) };
  const pod =
    /pod (?:"([^"]+)" )?has "karpenter\.sh\/do-not-disrupt" annotation(?: \(Pod=([^)]+)\))?/i.exec(
      message,
    );
  if (pod !== null) return { kind: 'do-not-disrupt-pod', pod: pod[1] ?? pod[2] ?? '' };
  if (/blocked through the "karpenter\.sh\/do-not-disrupt" annotation/i.test(message))
    return { kind: 'do-not-disrupt-node' };
  const pool = /NodePool not found \(NodePool=([^)]+)\)/i.exec(message);
  if (pool !== null) return { kind: 'nodepool-missing', nodePool: pool[1] ?? '' };
  if (passing.test(message)) return { kind: 'passing' };
  return { kind: 'no-place' };
}

const passing =
  /isn't initialized|is deleting|marked for deletion|nominated|does not have an associated node|state node|No allowed disruptions/i;

function namesIn(text = ''): readonly string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '');
}
