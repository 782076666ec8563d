import type { Rollout } from '../rollout/rollout.ts';
import type { World } from './world.ts';

/**
 * Analyses a rollout and records what came of it. It takes as long as the model may: no look waits for it.
 * @throws StoreUnavailableError when it could not be recorded; it is analysed anew then.
 */
export async function analyseRollout(
  { analyst, clock, journal }: Pick<World, 'analyst' | 'clock' | 'journal'>,
  rollout: Rollout,
): Promise<void> {
  const { analysis, unavailable } = await analyst.analyse(rollout);
  await journal.execute(
    rollout.id,
    {
      type: 'RecordAnalysis',
      analysis,
      ...(unavailable === undefined ? {} : { unavailable }),
      now: clock.now(),
    },
    { actor: { kind: 'amiable' } },
  );
}
