import type { Resolution } from './resolution.ts';
import type { SyncHeld } from './sync-windows.ts';
import type { ApplicationView } from './types.ts';

/**
 * How far the merge has come on its way into a cluster. `words` are Argo CD's or Karpenter's own: outside text, to be
 * shortened and escaped by whoever shows it.
 */
export type Delivery =
  /** Argo CD has not compared the merge commit yet, or there is no Application to ask. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'syncing'; readonly words?: string }
  /** The live EC2NodeClass proves it. */
  | { readonly kind: 'synced' }
  | { readonly kind: 'failed'; readonly words: string }
  /** A sync window of its project holds it. */
  | { readonly kind: 'sync-window'; readonly held: SyncHeld }
  /** Auto-sync is off: a person has to sync. */
  | { readonly kind: 'out-of-sync-manual' }
  /** Applied, and the class or its pools are not well. */
  | { readonly kind: 'degraded'; readonly words: string }
  /** It reads the repository at another branch, tag or commit: the merge does not reach it. */
  | { readonly kind: 'follows-another'; readonly words: string }
  /** The manifests do not render, so nothing newer is seen. */
  | { readonly kind: 'comparison-error'; readonly words: string };

/**
 * The live EC2NodeClass decides; Argo CD only explains why it is not there yet. A revision is no proof: it is what was
 * compared, and auto-sync may have had nothing to do.
 * @param application absent when none is configured, or it is gone.
 * @param containsMerge whether the Application's revision is the merge commit or a later one (ancestry, not equality).
 */
export function deliveryOf(
  application: ApplicationView | undefined,
  containsMerge: boolean,
  resolution: Resolution,
): Delivery {
  if (resolution.kind === 'resolved') return { kind: 'synced' };
  if (application === undefined)
    return resolution.kind === 'unresolvable'
      ? { kind: 'degraded', words: resolution.because }
      : { kind: 'waiting' };
  const { sync, operation, autoSync, health, revision } = application;
  const saying = (type: string) => application.conditions.find((said) => said.type === type);
  const broken = saying('ComparisonError') ?? saying('InvalidSpecError');
  // The revision shown beside a comparison error is an old one, so this comes before asking what it contains.
  if (broken !== undefined) return { kind: 'comparison-error', words: broken.message };
  if (sync === 'Unknown')
    return { kind: 'comparison-error', words: 'the sync status is Unknown, without a reason' };
  if (!containsMerge) return { kind: 'waiting' };
  if (operation?.phase === 'Running' || operation?.phase === 'Terminating')
    return { kind: 'syncing', words: operation.message };
  if (sync === 'OutOfSync') {
    const ended = operation?.phase === 'Failed' || operation?.phase === 'Error';
    // A failure of an older revision is history: auto-sync tries a new revision, and never the same one twice.
    if (ended && operation.revision === revision)
      return { kind: 'failed', words: operation.message };
    const failure = saying('SyncError');
    if (failure !== undefined && autoSync) return { kind: 'failed', words: failure.message };
    const { held } = application;
    if (held !== undefined && (autoSync || !held.manual)) return { kind: 'sync-window', held };
    return autoSync ? { kind: 'syncing' } : { kind: 'out-of-sync-manual' };
  }
  if (resolution.kind === 'unresolvable') return { kind: 'degraded', words: resolution.because };
  if (health === 'Degraded') return { kind: 'degraded', words: resolution.because };
  return { kind: 'syncing', words: resolution.because };
}

/** Worst last, as Argo CD orders them. */
const healthOrder = [
  'Healthy',
  'Suspended',
  'Progressing',
  'Missing',
  'Degraded',
  'Unknown',
] as const;

/** The worst health of several Applications, as Argo CD orders them; `undefined` of none. */
export function worstHealth(
  applications: readonly Pick<ApplicationView, 'health'>[],
): ApplicationView['health'] | undefined {
  return healthOrder.findLast((health) => applications.some((one) => one.health === health));
}
