import { z } from 'zod';
import { finishRuleOf } from '../../rollout/finish.ts';
import { lookAfter } from '../../rollout/next-step.ts';
import type { Rollout } from '../../rollout/rollout.ts';
import { digestFor, environmentNamed } from '../../rollout/rollout.ts';
import type { Wave } from '../../rollout/wave.ts';
import type { Instant } from '../../shared/time.ts';
import { day, minute } from '../../shared/time.ts';
import { recordedChange } from '../change-record.ts';
import { waveKey } from '../sightings.ts';
import type { Perform } from '../step-outcome.ts';
import { noteTail } from '../tails.ts';
import { waveProgress } from '../wave-progress.ts';
import type { World } from '../world.ts';
import { mostTail } from './watch-replacement.ts';

/** How much healthy time was seen in a soak that began at `since`: kept, so that a restart does not begin it anew. */
const SoakNote = z.object({
  since: z.number(),
  healthyMs: z.number(),
  healthyNodeMs: z.number().default(0),
});

/** Adds up healthy time. Time in which nothing was seen adds none: unknown is never healthy. */
export async function watchSoakStep(world: World, rollout: Rollout, wave: Wave): Perform {
  const digest = digestFor(rollout, wave);
  if (digest === undefined || wave.phase.name !== 'soaking') return {};
  const change = await recordedChange(world, digest);
  // What was left when the soak began may stay; whatever else goes wrong breaks it.
  const { finish } = environmentNamed(rollout, wave.environment)?.policy ?? {};
  const tolerated =
    wave.phase.tail === undefined || finish === undefined
      ? undefined
      : { atLeast: (pool: string) => finishRuleOf(finish, pool).atLeast, begun: true };
  if (tolerated !== undefined && !world.sightings(rollout.id).soaks.has(waveKey(wave)))
    await noteTail(world, rollout, wave);
  const progress = await waveProgress(world, rollout, wave, change, tolerated);
  const now = world.clock.now();
  const { since, until } = wave.phase;
  const soaks = world.sightings(rollout.id).soaks;
  const key = waveKey(wave);
  const noteKey = `soak#${rollout.id}#${key}`;
  const known = soaks.get(key) ?? (await recall(world, noteKey, since, now));
  const inWave = { environment: wave.environment, wave: wave.name };
  if (!progress.fresh) {
    soaks.set(key, { ...known, at: now });
    return { trouble: progress.unseen.join('; ') };
  }
  if (!progress.allWell) {
    soaks.delete(key);
    const broken = progress.because.join('; ');
    return {
      commands: [{ type: 'RecordSoak', ...inWave, broken, healthyMs: 0, total: progress.total }],
    };
  }
  const seenMs = Math.min(now - known.at, 2 * lookAfter['watch-soak']);
  const healthyMs = known.healthyMs + seenMs;
  const healthyNodeMs = known.healthyNodeMs + seenMs * progress.replaced;
  const noteEvery = Math.max((until - since) / 4, minute);
  const storedMs = healthyMs - known.storedMs >= noteEvery ? healthyMs : known.storedMs;
  if (storedMs !== known.storedMs) {
    await world.store.memory.put(noteKey, { since, healthyMs, healthyNodeMs }, 30 * day);
  }
  soaks.set(key, { healthyMs, healthyNodeMs, at: now, storedMs });
  const { replaced: total, tail } = progress;
  return {
    commands: [
      {
        type: 'RecordSoak',
        ...inWave,
        healthyMs,
        healthyNodeMs,
        total,
        ...(tail.length === 0 ? {} : { tail: tail.slice(0, mostTail) }),
      },
    ],
  };
}

async function recall({ store }: World, key: string, since: Instant, now: Instant) {
  const note = SoakNote.safeParse((await store.memory.get([key])).get(key));
  const same = note.success && note.data.since === since;
  const healthyMs = same ? note.data.healthyMs : 0;
  // The first look of a soak follows its start; after a restart the time between was not seen.
  return {
    healthyMs,
    healthyNodeMs: same ? note.data.healthyNodeMs : 0,
    at: healthyMs > 0 ? now : Math.max(since, now - lookAfter['watch-soak']),
    storedMs: healthyMs,
  };
}
