import { compareReleases } from '../images/releases.ts';
import { appendUnless } from './freeze.ts';
import type { GlobalEvent } from './ports/store.ts';
import type { RecalledRelease } from './recall-facts.ts';
import type { World } from './world.ts';

/** Every release that was ever taken back, oldest recall first. */
export async function knownRecalls({
  store,
}: Pick<World, 'store'>): Promise<readonly RecalledRelease[]> {
  const commits = await store.global.load('global');
  return commits
    .flatMap(({ events }) => events)
    .flatMap((event) => {
      if (event.type !== 'ReleaseRecalled') return [];
      const { type: _, ...recalled } = event;
      return [recalled];
    });
}

/** Records a recall, once for each release whatever the cause and however many replicas see it. False: it is known. */
export async function recordRecall(
  world: Pick<World, 'clock' | 'store' | 'log'>,
  recall: Omit<RecalledRelease, 'at'>,
): Promise<boolean> {
  const { release } = recall;
  const event: GlobalEvent = { type: 'ReleaseRecalled', ...recall, at: world.clock.now() };
  const stored = await appendUnless(
    world,
    event,
    { cause: `recall ${release}`, actor: { kind: 'amiable' } },
    (history) =>
      history.some(
        (one) => one.type === 'ReleaseRecalled' && compareReleases(one.release, release) === 0,
      ),
  );
  if (stored) world.log.error(recall, 'release recalled');
  return stored;
}
