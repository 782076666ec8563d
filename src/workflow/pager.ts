import { z } from 'zod';
import type { Rollout } from '../rollout/rollout.ts';
import { wavesOf } from '../rollout/rollout.ts';
import type { RolloutId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { day } from '../shared/time.ts';
import { lookedAt, pageConditions } from './page-conditions.ts';
import type { Page, Pages } from './ports/pages.ts';
import type { World } from './world.ts';

/** Pages that fire, so that whoever comes after a restart can resolve them. */
const Firing = z.array(
  z.object({
    key: z.string(),
    condition: z.enum(['no-new-node', 'health-breached', 'merged-differs', 'blind']),
    rollout: z.string(),
    release: z.string(),
    environment: z.string(),
    cluster: z.string().exactOptional(),
    summary: z.string(),
    since: z.number(),
  }),
);

type Kept = {
  readonly firing: Map<string, { readonly page: Page; readonly sentAt: Instant }>;
  readonly firstLookedAt: Map<string, Instant>;
};

export type Pager = {
  /** After each look: fires what began and resolves what is over. Never throws, and never holds a rollout up. */
  attend(rollout: Rollout): Promise<void>;
  forget(id: RolloutId): void;
};

/** @param pages absent: nobody is paged, and nothing is read or written. */
export function createPager(
  world: Pick<World, 'clock' | 'store' | 'sightings' | 'effects' | 'log'>,
  pages: Pick<Pages, 'repeatMs'> | undefined,
): Pager {
  const { clock, store, sightings, effects, log } = world;
  const all = new Map<RolloutId, Kept>();

  const keptOf = async (id: RolloutId): Promise<Kept> => {
    const known = all.get(id);
    if (known !== undefined) return known;
    const noted = (await store.memory.get([noteKey(id)])).get(noteKey(id));
    const before = Firing.safeParse(noted ?? []);
    const fresh: Kept = {
      firing: new Map(
        (before.success ? before.data : []).map((page) => [page.key, { page, sentAt: 0 }]),
      ),
      firstLookedAt: new Map(),
    };
    all.set(id, fresh);
    return fresh;
  };

  const attend = async (rollout: Rollout, { repeatMs }: Pick<Pages, 'repeatMs'>): Promise<void> => {
    const { firing, firstLookedAt } = await keptOf(rollout.id);
    const now = clock.now();
    const moving = new Set(rollout.environments.flatMap(wavesOf).flatMap(lookedAt));
    for (const cluster of moving) if (!firstLookedAt.has(cluster)) firstLookedAt.set(cluster, now);
    for (const cluster of firstLookedAt.keys())
      if (!moving.has(cluster)) firstLookedAt.delete(cluster);
    const { clusters } = sightings(rollout.id);
    const wanted = pageConditions(rollout, { clusters, firstLookedAt, now });
    const keys = new Set(wanted.map(({ key }) => key));
    // a process that just began has seen nothing yet: what fired before is not over by that
    const isUnseen = ({ cluster }: Page) =>
      cluster !== undefined && moving.has(cluster) && !clusters.has(cluster);
    let changed = false;
    for (const page of wanted) {
      const before = firing.get(page.key);
      const again = repeatMs !== undefined && now - (before?.sentAt ?? 0) >= repeatMs / 3;
      if (before !== undefined && !again) continue;
      const since = before?.page.since ?? page.since;
      await effects.run('page', `fire ${page.key}`, (to) => to.pages.fire({ ...page, since }));
      firing.set(page.key, { page: { ...page, since }, sentAt: now });
      changed ||= before === undefined;
    }
    for (const [key, { page }] of firing) {
      if (keys.has(key) || isUnseen(page)) continue;
      await effects.run('page', `resolve ${key}`, (to) => to.pages.resolve(page));
      firing.delete(key);
      changed = true;
    }
    if (changed) {
      const left = [...firing.values()].map(({ page }) => page);
      await store.memory.put(noteKey(rollout.id), left, 30 * day);
    }
  };

  return {
    async attend(rollout) {
      if (pages === undefined) return;
      try {
        await attend(rollout, pages);
      } catch (cause) {
        log.error({ rollout: rollout.id, cause }, 'nobody could be paged');
      }
    },
    forget: (id) => void all.delete(id),
  };
}

function noteKey(id: RolloutId): string {
  return `page#${id}`;
}
