/** The one thing that Argo CD is asked to do, and only where the configuration permits it. */
export type NodeClassSyncs = {
  /**
   * Starts a sync of these EC2NodeClasses alone, to the revision that Argo CD compared last; never of an Application as
   * a whole. Looked for first: an operation that carries the mark is not started again, and one that runs is left alone.
   * @throws ClusterUnreachableError when Argo CD's cluster does not answer; doing it again is harmless.
   */
  syncNodeClasses(
    hub: string,
    what: {
      readonly namespace: string;
      readonly application: string;
      /** At least one. */
      readonly nodeClasses: readonly string[];
      readonly mark: string;
    },
  ): Promise<
    | { readonly kind: 'started' | 'already' | 'busy' }
    /** It is not permitted there, in the API server's words, or there is no such Application. */
    | { readonly kind: 'refused'; readonly words: string }
  >;
};
