import type { ConditionView, NodeClassView } from './types.ts';

/** What the live EC2NodeClass makes of its selector. */
export type Resolution =
  /** New nodes get a wanted image and nothing else. The only proof of delivery. */
  | { readonly kind: 'resolved' }
  | { readonly kind: 'pending'; readonly because: string }
  /** The selector of the current generation finds no image: no new node can launch until it does. */
  | { readonly kind: 'unresolvable'; readonly because: string };

/** The selector that the merged change put into Git. */
export type IntendedSelector =
  | { readonly kind: 'alias'; readonly value: string }
  | { readonly kind: 'id'; readonly values: ReadonlySet<string> };

/**
 * @param wanted every image id the class may resolve to, variants that no node uses included.
 * @param intended absent where the pin is of another kind (name, tags, ssmParameter): then the images alone decide.
 */
export function resolutionOf(
  nodeClass: NodeClassView,
  wanted: ReadonlySet<string>,
  intended?: IntendedSelector,
): Resolution {
  if (intended !== undefined && !shows(nodeClass, intended))
    return { kind: 'pending', because: 'the cluster still has another selector' };
  const images = conditionOf(nodeClass, 'AMIsReady');
  const ready = conditionOf(nodeClass, 'Ready');
  if (isCurrent(nodeClass, images) && images.status === 'False')
    return { kind: 'unresolvable', because: wordsOf(images) };
  if (isStalled(nodeClass))
    return { kind: 'unresolvable', because: `no image found for ${selectorOf(nodeClass)}` };
  // A condition that speaks of an older generation says nothing of this selector, True or not.
  if (!isCurrent(nodeClass, images) || images.status !== 'True')
    return { kind: 'pending', because: 'Karpenter has not resolved the new selector yet' };
  if (nodeClass.amis.length === 0)
    return { kind: 'pending', because: 'the EC2NodeClass lists no image' };
  const others = nodeClass.amis.filter((id) => !wanted.has(id));
  if (others.length > 0)
    return { kind: 'pending', because: `it resolves to other images: ${others.join(', ')}` };
  if (!isCurrent(nodeClass, ready) || ready.status !== 'True')
    return {
      kind: 'pending',
      because: ready === undefined ? 'the EC2NodeClass is not Ready' : wordsOf(ready),
    };
  return { kind: 'resolved' };
}

/**
 * Whether the class no longer says what was merged: its selector, or where nobody can tell what that is to be, all images
 * that it resolves to. One that is only being resolved anew is not elsewhere.
 */
export function isElsewhere(
  nodeClass: NodeClassView,
  wanted: ReadonlySet<string>,
  intended?: IntendedSelector,
): boolean {
  if (intended !== undefined) return !shows(nodeClass, intended);
  const images = conditionOf(nodeClass, 'AMIsReady');
  return (
    isCurrent(nodeClass, images) &&
    images.status === 'True' &&
    nodeClass.amis.length > 0 &&
    !nodeClass.amis.some((id) => wanted.has(id))
  );
}

/**
 * Karpenter's silent stall: an alias that resolves to nothing sets no condition. The old AMIsReady stays, for an older
 * generation, while the other conditions move on, so Ready is Unknown.
 */
function isStalled(nodeClass: NodeClassView): boolean {
  const images = conditionOf(nodeClass, 'AMIsReady');
  const ready = conditionOf(nodeClass, 'Ready');
  return (
    isCurrent(nodeClass, ready) &&
    ready.status !== 'True' &&
    !isCurrent(nodeClass, images) &&
    isCurrent(nodeClass, conditionOf(nodeClass, 'SubnetsReady'))
  );
}

function shows({ terms }: NodeClassView, intended: IntendedSelector): boolean {
  if (terms.length === 0) return false;
  return intended.kind === 'alias'
    ? terms.every(({ alias }) => alias === intended.value)
    : terms.every(({ id }) => id !== undefined && intended.values.has(id));
}

function conditionOf({ conditions }: NodeClassView, type: string): ConditionView | undefined {
  return conditions.find((condition) => condition.type === type);
}

function isCurrent(
  { generation }: NodeClassView,
  condition: ConditionView | undefined,
): condition is ConditionView {
  return condition?.observedGeneration === generation;
}

function selectorOf({ terms }: NodeClassView): string {
  const spelled = terms.map(({ alias, id }) => alias ?? id ?? 'another selector');
  return spelled.length === 0 ? 'an empty selector' : spelled.join(', ');
}

function wordsOf({ reason, message }: ConditionView): string {
  return message === '' ? reason : `${reason}: ${message}`;
}
