import type { Change } from '../rollout/change.ts';
import { partKey } from '../rollout/part-key.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { Part, Wave } from '../rollout/wave.ts';
import { changesExactly } from './changes-exactly.ts';
import type { World } from './world.ts';

/** How a part stands to GitHub's merge queue, by the look that was just taken. */
export type Queueing =
  /** It is in there, and what the queue would merge is what was approved, as far as it is made. */
  | { readonly kind: 'in' }
  /** It is in there with something else. */
  | { readonly kind: 'differs' }
  /** It was in there, and is not any more. */
  | { readonly kind: 'out' }
  /** It was never in one; `queue`: its base has one. */
  | { readonly kind: 'not-yet'; readonly queue: boolean };

/**
 * Looks at a part in the queue, and gives our green status to the commit the queue made of it: where the status is
 * required, the queue waits for it there too.
 */
export async function queueingOf(
  world: World,
  rollout: Rollout,
  wave: Wave,
  { part, change }: { readonly part: Part; readonly change: Change },
): Promise<Queueing> {
  const seen = world.sightings(rollout.id).pullRequests.get(partKey(part));
  const place = seen?.mergeQueue?.place;
  if (place === undefined) {
    if (part.queuedAt !== undefined) return { kind: 'out' };
    return { kind: 'not-yet', queue: seen?.mergeQueue !== undefined };
  }
  const { headSha: sha } = place;
  if (sha === undefined) return { kind: 'in' };
  const { repository } = part;
  if (!(await changesExactly(world.github, wave, change, { repository, commit: sha })))
    return { kind: 'differs' };
  const { vouchedFor } = world.sightings(rollout.id);
  // GitHub takes a thousand statuses a commit, and an entry may wait for hours.
  if (vouchedFor.has(sha)) return { kind: 'in' };
  await world.effects.run('set-status', `${sha} in the queue`, (to) =>
    to.github.setStatus({
      repository,
      sha,
      state: 'success',
      description: 'Approved; in the merge queue',
    }),
  );
  vouchedFor.add(sha);
  return { kind: 'in' };
}

/**
 * Takes what may still be in a merge queue out of it, before people are told that it is not merged.
 * @returns the part that GitHub does not let go, or has merged; `undefined`: all are out.
 */
export async function takenOut(
  world: World,
  rollout: Rollout,
  parts: readonly Part[],
): Promise<{ readonly part: Part; readonly is: 'in' | 'merged' } | undefined> {
  for (const part of parts) {
    const seen = world.sightings(rollout.id).pullRequests.get(partKey(part));
    // Not looked at since this process started: an answer may have been lost with the one before.
    const never = seen !== undefined && seen.mergeQueue === undefined;
    if (part.queuedAt === undefined && never) continue;
    const { repository, number } = part;
    const is = await world.effects.run('dequeue', `${repository}#${number}`, (to) =>
      to.github.dequeue(repository, number),
    );
    if (is !== 'out') return { part, is };
  }
  return undefined;
}
