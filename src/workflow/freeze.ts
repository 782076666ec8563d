import type { SlackUserId } from '../shared/ids.ts';
import type { GlobalEvent } from './ports/store.ts';
import type { World } from './world.ts';

/** Stops every forward merge everywhere. False: it is stopped already. */
export async function freeze(
  world: Pick<World, 'clock' | 'store'>,
  {
    by,
    reason,
    cause,
  }: { readonly by: SlackUserId; readonly reason: string; readonly cause: string },
): Promise<boolean> {
  return appendUnless(
    world,
    'Frozen',
    { type: 'Frozen', by, reason, at: world.clock.now() },
    by,
    cause,
  );
}

/** Lets merges go on. False: nothing is stopped. */
export async function unfreeze(
  world: Pick<World, 'clock' | 'store'>,
  { by, cause }: { readonly by: SlackUserId; readonly cause: string },
): Promise<boolean> {
  return appendUnless(
    world,
    'Unfrozen',
    { type: 'Unfrozen', by, at: world.clock.now() },
    by,
    cause,
  );
}

/** Appends unless the newest event says so already; decides anew when another writer came first. */
async function appendUnless(
  { store, clock }: Pick<World, 'clock' | 'store'>,
  state: GlobalEvent['type'],
  event: GlobalEvent,
  by: SlackUserId,
  cause: string,
): Promise<boolean> {
  for (;;) {
    const commits = await store.global.load('global');
    if (commits.some((commit) => commit.cause === cause)) return false;
    const now = commits.flatMap(({ events }) => events).at(-1)?.type ?? 'Unfrozen';
    if (now === state) return false;
    const commit = await store.global.append('global', commits.at(-1), {
      events: [event],
      actor: { kind: 'slack', id: by },
      at: clock.now(),
      cause,
    });
    if (commit !== undefined) return true;
  }
}
