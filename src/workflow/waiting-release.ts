import { compareReleases, trainOf } from '../images/releases.ts';
import { ReleaseId } from '../shared/ids.ts';
import { unfitReleases } from './unfit-releases.ts';
import type { World } from './world.ts';

type Remembering = Pick<World, 'store' | 'fleet'>;

/** What is offered and waits for an older rollout of its train to end. */
export async function noteWaiting(world: Remembering, release: ReleaseId): Promise<void> {
  const key = keyOf(world, release);
  const known = (await world.store.memory.get([key])).get(key);
  if (known !== release) await world.store.memory.put(key, release);
}

/**
 * The release that waits for this one's rollout to end, as the last look for releases found it; `undefined`: none does, or
 * it was taken back, denied or marked bad since.
 */
export async function waitingRelease(
  world: Remembering,
  release: ReleaseId,
): Promise<ReleaseId | undefined> {
  const key = keyOf(world, release);
  const known = ReleaseId.safeParse((await world.store.memory.get([key])).get(key)).data;
  if (known === undefined || compareReleases(known, release) <= 0) return undefined;
  const unfit = await unfitReleases(world);
  return unfit.some((one) => compareReleases(one.release, known) === 0) ? undefined : known;
}

function keyOf({ fleet }: Remembering, release: ReleaseId): string {
  return `waiting#${fleet.scope}#${trainOf(release)}`;
}
