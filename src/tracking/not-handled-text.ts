import type { NotHandled } from './types.ts';

/** Nodes that no EC2NodeClass provides, as `18 managed-node-group, 6 Auto Mode nodes`; `undefined`: there are none. */
export function notHandledText(counts: NotHandled): string | undefined {
  const kinds = [
    [counts.managedNodeGroup, 'managed-node-group'],
    [counts.autoMode, 'Auto Mode'],
    [counts.fargate, 'Fargate'],
    [counts.other, 'other'],
  ] as const;
  const parts = kinds.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  if (parts.length === 0) return undefined;
  const total = kinds.reduce((sum, [count]) => sum + count, 0);
  return `${parts.join(', ')} ${total === 1 ? 'node' : 'nodes'}`;
}

/** The counts of several clusters together. */
export function notHandledSum(all: readonly NotHandled[]): NotHandled {
  const sum = (of: (one: NotHandled) => number) => all.reduce((total, one) => total + of(one), 0);
  return {
    managedNodeGroup: sum((one) => one.managedNodeGroup),
    autoMode: sum((one) => one.autoMode),
    fargate: sum((one) => one.fargate),
    other: sum((one) => one.other),
  };
}
