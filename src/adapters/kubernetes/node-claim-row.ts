import type { NodeClaimView } from '../../tracking/types.ts';
import { vcpuChargeOf } from '../../tracking/vcpu-kind.ts';
import { type Columns, type RowReader, TableUnusableError, textIn } from './table.ts';

/**
 * A NodeClaim from its printed columns: a twentieth of the bytes. Ready is the root of Launched, Registered and
 * Initialized, and the Node's name comes with registration, so only what leads away from a node is not in it: being
 * chosen, and being deleted, which the row's metadata tells where it is asked for.
 * Source: additionalPrinterColumns of karpenter.sh/v1 NodeClaims.
 */
export function nodeClaimRows(columns: Columns): RowReader<NodeClaimView> {
  const [name, type, capacity, node, ready] = ['Name', 'Type', 'Capacity', 'Node', 'Ready'].map(
    (it) => columns.get(it),
  );
  const [image, pool, nodeClass, drifted] = ['ImageID', 'NodePool', 'NodeClass', 'Drifted'].map(
    (it) => columns.get(it),
  );
  const age = columns.get('Age');
  const needed = [name, node, ready, image, pool, nodeClass, drifted];
  if (needed.includes(undefined))
    throw new TableUnusableError('the table of NodeClaims lacks a column we read');
  const known = new Map<string, string>();
  /** The same few names stand in every row: one copy is kept. */
  const shared = <Text extends string | undefined>(text: Text): Text => {
    if (text === undefined) return text;
    const before = known.get(text);
    if (before !== undefined) return before as Text;
    known.set(text, text);
    return text;
  };
  return (cells, metadata) => {
    const nodeName = textIn(cells, node);
    const imageId = shared(textIn(cells, image));
    const isReady = textIn(cells, ready) === 'True';
    const view = {
      name: metadata?.name || (textIn(cells, name) ?? ''),
      nodePool: shared(textIn(cells, pool)) ?? '',
      nodeClass: shared(textIn(cells, nodeClass)) ?? '',
      imageId: imageId ?? '',
      nodeName: nodeName ?? '',
      launched: isReady || imageId !== undefined,
      registered: isReady || nodeName !== undefined,
      initialized: isReady,
      ready: isReady,
      drifted: textIn(cells, drifted) === 'True',
      deleting: metadata?.deletionTimestamp !== undefined,
      disrupting: false,
      vcpu: shared(vcpuChargeOf(textIn(cells, type), textIn(cells, capacity))),
    };
    const young = isYoung(textIn(cells, age));
    // of thousands nearly all are old and have both: one literal takes half the memory of one that is spread together
    if (imageId !== undefined && nodeName !== undefined)
      return young ? { ...view, young: true as const } : view;
    const { imageId: _, nodeName: __, ...rest } = view;
    return {
      ...rest,
      ...(imageId !== undefined && { imageId }),
      ...(nodeName !== undefined && { nodeName }),
      ...(young && { young: true as const }),
    };
  };
}

/** Less than a day old, as the API server spells an age: `45s`, `5m30s`, `3h15m`, `26h`, `3d4h`. */
function isYoung(age: string | undefined): boolean {
  const hours = /^(\d+)h/.exec(age ?? '');
  if (hours !== null) return Number(hours[1]) < 24;
  return /^\d+[ms]/.test(age ?? '');
}
