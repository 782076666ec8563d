import type {
  ApplicationView,
  ClusterView,
  Delivered,
  Deliverers,
  NotHandled,
  Surroundings,
} from '../../tracking/types.ts';

/**
 * What runs in the clusters. Every call is bounded in time.
 * @throws ClusterUnreachableError when the API server does not answer or refuses us; a later look may help.
 */
export type Clusters = {
  /**
   * The Karpenter objects as last seen. The first call lists and starts to watch; a watch nobody asks about for ten
   * minutes is ended. `observedAt` gives the age: callers decide what is too old.
   */
  observe(cluster: string): Promise<ClusterView>;
  /**
   * One small paged list, without a watch: for an idle cluster before a card.
   * @param options.samples NodeClaims at rest of each NodePool that are read whole too, at most 20 in all; absent: none.
   */
  glance(cluster: string, options?: { readonly samples: number }): Promise<ClusterView>;
  /**
   * What stands around the nodes, read once: pods on the named Nodes (or `all`) and pods without a place,
   * PodDisruptionBudgets, Karpenter's events. A part that cannot be read is missing, and named with the reason.
   */
  surroundings(
    cluster: string,
    nodes: readonly string[] | 'all',
  ): Promise<{ readonly surroundings: Surroundings; readonly notChecked: readonly string[] }>;
  /** The kernel that each Node of Karpenter says it runs, by Node; those that do not say are left out. One small list. */
  kernels(cluster: string): Promise<ReadonlyMap<string, string>>;
  /** Zones of what PersistentVolumeClaims are bound to, by `namespace/name`; those of every zone are left out. One list. */
  volumeZones(cluster: string): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Nodes that no EC2NodeClass provides. */
  notHandled(cluster: string): Promise<NotHandled>;
  /**
   * Who delivers `what` to the cluster: the Application the configuration names, else those found where Argo CD runs by
   * what they manage and read. Finding lists all Applications there; what was found is remembered for ten minutes.
   */
  deliverers(cluster: string, what: Delivered): Promise<Deliverers>;
  /**
   * Every Application that manages an EC2NodeClass in one of the clusters, with that cluster: what they read reaches it.
   * Lists all Applications wherever Argo CD runs; of one that does not answer, what it said last counts.
   */
  readers(): Promise<Readers>;
};

/** Who reads the files, as far as Argo CD could be asked. */
export type Readers = {
  readonly readers: readonly { readonly cluster: string; readonly application: ApplicationView }[];
  /** Applications that manage an EC2NodeClass at a destination that is none of the clusters. */
  readonly elsewhere: readonly { readonly hub: string; readonly application: ApplicationView }[];
  /** Clusters whose Argo CD did not answer now, or whose address is not known. */
  readonly unheard: readonly string[];
  /** Where Argo CD may run and never answered since the start; `named`: other clusters are delivered to from there. */
  readonly neverHeard: readonly { readonly cluster: string; readonly named: boolean }[];
  /** Where there is no Argo CD, or its Applications may not be listed. */
  readonly refused: readonly string[];
  /** So many Argo CDs, and none was asked. */
  readonly tooMany?: number;
};
