import type { Blocker } from './blocker.ts';
import { resolutionOf } from './resolution.ts';
import type { NodeClassView } from './types.ts';

/** What keeps new nodes of an EC2NodeClass from launching at all. */
export function classBlockers(nodeClass: NodeClassView, waiting: number): readonly Blocker[] {
  const object = `EC2NodeClass/${nodeClass.name}`;
  const ready = nodeClass.conditions.find(({ type }) => type === 'Ready');
  const resolution = resolutionOf(nodeClass, new Set(nodeClass.amis));
  const since = ready?.since === undefined ? {} : { since: ready.since };
  if (resolution.kind === 'unresolvable')
    return [{ cause: 'no-image', object, nodes: waiting, words: resolution.because, ...since }];
  if (ready === undefined || ready.status === 'True') return [];
  const { reason, message } = ready;
  const words = message === '' ? reason : `${reason}: ${message}`;
  return [{ cause: 'nodeclass-not-ready', object, nodes: waiting, words, ...since }];
}
