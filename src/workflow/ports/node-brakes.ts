/** The one thing that is changed in a cluster, and only where it permits it: marks on Nodes, ours by `mark`. */
export type NodeBrakes = {
  /**
   * Annotates Nodes with `karpenter.sh/do-not-disrupt` and our mark. Nodes that somebody else protects are left as they
   * are and count as held; those that are gone do not. `refused`: the cluster does not permit it, in its words.
   * @throws ClusterUnreachableError when it does not answer; what was done is done, and doing it again is harmless.
   */
  holdNodes(
    cluster: string,
    nodes: readonly string[],
    mark: string,
  ): Promise<{ readonly held: readonly string[]; readonly refused?: string }>;
  /** Takes both away from every Node that carries this mark, however it came there. @throws as above. */
  releaseNodes(
    cluster: string,
    mark: string,
  ): Promise<{
    readonly released: number;
    /** Nodes that still carry it. */
    readonly left: number;
    readonly refused?: string;
  }>;
};
