import { isEnded } from '../../rollout/phases.ts';
import { type Rollout, wavesOf } from '../../rollout/rollout.ts';
import { isPastReturn, type Wave } from '../../rollout/wave.ts';

/** Clusters that a wave moves now, forward or back: what runs there is that wave's to say. */
export function clustersInMotion(rollouts: readonly Rollout[]): ReadonlySet<string> {
  return new Set(
    rollouts
      .flatMap(({ environments }) => environments)
      .flatMap(wavesOf)
      .filter(isMoving)
      .flatMap(({ clusters }) => clusters),
  );
}

/** One of its repositories may be merged already, while another waits. */
function isMoving(wave: Wave): boolean {
  return !isEnded(wave.phase) && isPastReturn(wave);
}
