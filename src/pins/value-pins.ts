import type { Node } from 'yaml';
import { isAlias } from 'yaml';
import type { PinKind } from './types.ts';
import { writtenAt } from './yaml-scalar.ts';
import { emit, firmDoubt, type Spot, sharedDoubt, type Walk, within } from './yaml-walk.ts';

/** Records the pin a node holds, if it holds anything; one reached through an alias is recorded at both places. */
export function valuePin(walk: Walk, kind: PinKind, node: unknown, spot: Spot): void {
  const { view, tree } = walk;
  if (!isAlias(node)) {
    const written = writtenAt(view, node);
    if (written !== undefined) emit(walk, kind, node as Node, written, within(walk, node, spot));
    return;
  }
  const target = tree.targets.get(node);
  const written = writtenAt(view, target);
  if (target === undefined || written === undefined || !node.range) return;
  const [start, end] = node.range;
  const use = { ...written, start: view.at(start), end: view.at(end), literal: false };
  emit(walk, kind, node, use, { ...spot, doubt: firmDoubt(`alias of the anchor &${node.source}`) });
  const shared = tree.shared.get(target);
  const anchored = { path: `&${node.source}`, nearest: target, keys: spot.keys };
  emit(
    walk,
    kind,
    target,
    written,
    { ...anchored, doubt: shared && sharedDoubt(shared) },
    { echo: true },
  );
}
