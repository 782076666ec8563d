import type { Hold } from '../rollout/hold.ts';
import { scopeText, warnOfHoldMs } from '../rollout/hold.ts';
import { SlackUserId } from '../shared/ids.ts';
import { day } from '../shared/time.ts';
import { keptBack } from './kept-back.ts';
import type { Message } from './ports/messenger.ts';
import type { World } from './world.ts';

/** Warns once of every hold that ends within a week and was set for longer than that. */
export async function warnOfHolds(
  world: Pick<World, 'clock' | 'effects' | 'fleet' | 'people' | 'store'>,
  {
    owner,
    render,
  }: {
    readonly owner: string;
    readonly render: (hold: Hold, names: ReadonlyMap<string, string>) => Message;
  },
): Promise<number> {
  const { clock, store, fleet, people, effects } = world;
  let warned = 0;
  for (const hold of (await keptBack(world)).holds) {
    const now = clock.now();
    const isShort = hold.at !== undefined && hold.until - hold.at <= warnOfHoldMs;
    if (isShort || now < hold.until - warnOfHoldMs) continue;
    const name = `hold ${scopeText(hold)} ${hold.until}`;
    if ((await store.memory.get([name])).has(name)) continue;
    if (!(await store.leases.take(name, owner, now, now + day))) continue;
    const by = SlackUserId.safeParse(hold.by);
    const names = by.success ? await people.names([by.data]) : new Map<string, string>();
    const message = render(hold, names);
    await effects.run('post-message', name, (to) =>
      to.slack.post({ channel: fleet.channel, ...message }),
    );
    await store.memory.put(name, true, 2 * warnOfHoldMs);
    warned += 1;
  }
  return warned;
}
