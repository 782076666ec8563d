import type { Compared } from '../../tracking/compared-by.ts';

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
      /** What was looked at of its sources: where it compared other commits since, it is refused. Absent: whatever it compared. */
      readonly compared?: readonly Compared[];
    },
  ): Promise<
    | { readonly kind: 'started' | 'already' | 'busy' }
    /** It is not permitted there, in the API server's words, or there is no such Application. */
    | { readonly kind: 'refused'; readonly words: string }
  >;
};
