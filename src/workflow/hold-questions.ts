import { compareReleases, trainOf } from '../images/releases.ts';
import type { Hold, HoldDoubt } from '../rollout/hold.ts';
import { sameScope, scopeText } from '../rollout/hold.ts';
import { urgentFixes } from '../rollout/risk.ts';
import { SlackUserId } from '../shared/ids.ts';
import { day } from '../shared/time.ts';
import { withoutHeld } from './held-pins.ts';
import { keptBack } from './kept-back.ts';
import { openRollouts } from './open-rollouts.ts';
import { type Placed, placedPins } from './placed-pins.ts';
import type { Message } from './ports/messenger.ts';
import { reached } from './reached-fleet.ts';
import { recallHistory } from './recalls.ts';
import type { World } from './world.ts';

/**
 * Asks whoever set a hold whether it is still right, once for each release that gives a reason to; a hold of the
 * configuration is asked about in the home channel. Nothing is lifted by it.
 * @returns how many were asked.
 */
export async function reopenHolds(
  world: World,
  {
    owner,
    render,
  }: {
    readonly owner: string;
    readonly render: (hold: Hold, doubt: HoldDoubt, names: ReadonlyMap<string, string>) => Message;
  },
): Promise<number> {
  const { clock, store, fleet, people, effects } = world;
  // Mostly nothing is held, and then nothing else is read.
  if ((await keptBack(world)).holds.length === 0) return 0;
  let asked = 0;
  for (const [doubt, placed] of await doubtful(world)) {
    const { held } = await withoutHeld(world, placed, doubt.release);
    for (const hold of distinct(held.flatMap((one) => one.hold ?? []))) {
      const now = clock.now();
      const name = `hold ${scopeText(hold)} ${hold.until} ${doubt.kind} ${doubt.release}`;
      if ((await store.memory.get([name])).has(name)) continue;
      if (!(await store.leases.take(name, owner, now, now + day))) continue;
      const by = SlackUserId.safeParse(hold.by);
      const names = by.success ? await people.names([by.data]) : new Map<string, string>();
      const message = render(hold, doubt, names);
      const channel = by.success ? by.data : fleet.channel;
      await effects.run('post-message', name, (to) => to.slack.post({ channel, ...message }));
      await store.memory.put(name, true, Math.max(day, hold.until - now + day));
      asked += 1;
    }
  }
  return asked;
}

/** Every reason there is, with the pins it is about. */
async function doubtful(world: World): Promise<readonly (readonly [HoldDoubt, Placed[]])[]> {
  const { watched } = await reached(world, await world.pins.read());
  const { placed } = await placedPins(world, watched);
  const { standing } = await recallHistory(world);
  const recalled = standing.map(({ release, detail }) => {
    const runs = placed.filter((one) => compareReleases(one.release, release) === 0);
    return [{ kind: 'recalled', release, detail }, runs] as const;
  });
  const fixed = (await openRollouts(world)).flatMap((rollout) => {
    const { release } = rollout;
    const fixes = urgentFixes(rollout);
    if (fixes.length === 0) return [];
    const behind = placed.filter(
      (one) =>
        trainOf(one.release) === trainOf(release) && compareReleases(one.release, release) < 0,
    );
    return [[{ kind: 'fix', release, fixes }, behind] as const];
  });
  return [...recalled, ...fixed];
}

function distinct(holds: readonly Hold[]): readonly Hold[] {
  return holds.filter((hold, i) => holds.findIndex((one) => sameScope(one, hold)) === i);
}
