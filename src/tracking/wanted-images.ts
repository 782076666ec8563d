import { resolutionOf } from './resolution.ts';
import type { NodeClassView } from './types.ts';

/**
 * Images the nodes of an EC2NodeClass are to run, by what the class itself says: for where no release was approved.
 * Empty when nobody can tell, as with an alias that resolves to nothing: `status.amis` still holds the old images then.
 */
export function wantedImagesOf(nodeClass: NodeClassView): ReadonlySet<string> {
  const { terms, amis, conditions, generation } = nodeClass;
  const images = conditions.find(({ type }) => type === 'AMIsReady');
  const current = images?.observedGeneration === generation && images.status === 'True';
  if (current) return new Set(amis);
  const ids = terms.flatMap(({ id }) => id ?? []);
  return new Set(terms.length > 0 && ids.length === terms.length ? ids : []);
}

/** Whether new nodes of the class get its images now. */
export function isResolved(nodeClass: NodeClassView): boolean {
  return resolutionOf(nodeClass, new Set(nodeClass.amis)).kind === 'resolved';
}
