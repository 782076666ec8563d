import type { Instant } from '../shared/time.ts';
import { minute } from '../shared/time.ts';
import type { Blocker } from './blocker.ts';
import { blockerText } from './blocker-text.ts';

/** What an EC2NodeClass takes at most to be Ready again after a change. */
const settlesWithinMs = 5 * minute;

/** Why no new node can launch, in a sentence: a class finds no image, or is not Ready for minutes; `undefined`: neither. */
export function noLaunchText(blockers: readonly Blocker[], now: Instant): string | undefined {
  const found = blockers.find(
    ({ cause, since }) =>
      cause === 'no-image' ||
      // it is not Ready for a moment with every change
      (cause === 'nodeclass-not-ready' && since !== undefined && now - since >= settlesWithinMs),
  );
  return found === undefined ? undefined : blockerText(found);
}
