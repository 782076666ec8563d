import type { Change, PinEdit } from '../rollout/change.ts';
import { nodeClassNamed } from '../rollout/share.ts';
import type { IntendedSelector } from '../tracking/resolution.ts';
import type { Delivered, NodeClassView } from '../tracking/types.ts';

/**
 * Names of the EC2NodeClasses a change moves in a cluster. A pin in Helm values names none: those it feeds are told by
 * what they say, which is what the pin said before or says now.
 */
export function nodeClassesOf(
  change: Change,
  cluster: string,
  live: readonly NodeClassView[],
): ReadonlySet<string> {
  const pins = pinsOf(change, cluster);
  const unnamed = pins.filter((pin) => classNamed(pin) === undefined);
  const fed = live.filter(({ terms }) => {
    return unnamed.some(({ kind, from, to }) =>
      terms.some((term) => term[kind] === from || term[kind] === to),
    );
  });
  return new Set([
    ...pins.flatMap((pin) => classNamed(pin) ?? []),
    ...fed.map((nodeClass) => nodeClass.name),
  ]);
}

/** What the change writes into a node class of a cluster; `undefined` where the images alone decide. */
export function intendedSelector(
  change: Change,
  cluster: string,
  nodeClass: string,
): IntendedSelector | undefined {
  const pins = pinsOf(change, cluster);
  const own = pins.filter((pin) => classNamed(pin) === nodeClass);
  const feeding = own.length > 0 ? own : pins.filter((pin) => classNamed(pin) === undefined);
  const aliases = new Set(feeding.flatMap(({ kind, to }) => (kind === 'alias' ? [to] : [])));
  const [alias] = aliases;
  // A class may list several ids of which only some moved; the others stand as they were.
  if (alias === undefined || aliases.size > 1) return undefined;
  return { kind: 'alias', value: alias };
}

/** What a change moves for a cluster, to find who delivers it. */
export function deliveredOf(
  change: Change,
  cluster: string,
  nodeClasses: Iterable<string>,
): Delivered {
  const files = new Map(
    pinsOf(change, cluster).map(({ repository, branch, path }) => [
      `${repository} ${path}`,
      { repository, branch, path },
    ]),
  );
  return { nodeClasses: [...nodeClasses].sort(), files: [...files.values()] };
}

function pinsOf({ pins }: Change, cluster: string): readonly PinEdit[] {
  return pins.filter(({ clusters }) => clusters.includes(cluster));
}

function classNamed({ object }: PinEdit): string | undefined {
  return nodeClassNamed(object);
}
