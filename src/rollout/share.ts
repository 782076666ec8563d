/** What a wave takes of a change: some clusters, and of these all node classes, only some, or all but some. */
export type Share = {
  readonly clusters: readonly string[];
  /** Only these EC2NodeClasses; absent: all but `otherThan`. */
  readonly nodeClasses?: readonly string[];
  /** These EC2NodeClasses have a wave of their own before. */
  readonly otherThan?: readonly string[];
};

/** The EC2NodeClass that a pin stands in; `undefined` where it feeds whatever a chart makes of it. */
export function nodeClassNamed(object: string): string | undefined {
  return /^EC2NodeClass\/([^#]+)/.exec(object)?.[1];
}

/** Whether an edit is a wave's. A pin that names no EC2NodeClass moves with the rest: it cannot be told apart. */
export function isInShare(
  { clusters, nodeClasses, otherThan = [] }: Share,
  pin: { readonly object: string; readonly clusters: readonly string[] },
): boolean {
  if (!pin.clusters.some((cluster) => clusters.includes(cluster))) return false;
  const named = nodeClassNamed(pin.object);
  if (nodeClasses !== undefined) return named !== undefined && nodeClasses.includes(named);
  return named === undefined || !otherThan.includes(named);
}

/** The part of `share` that is said of node classes, to be carried along; empty for whole clusters. */
export function classesOf({ nodeClasses, otherThan }: Share): Omit<Share, 'clusters'> {
  return {
    ...(nodeClasses === undefined ? {} : { nodeClasses }),
    ...(otherThan === undefined ? {} : { otherThan }),
  };
}
