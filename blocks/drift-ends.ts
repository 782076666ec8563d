import type { Rollout } from '../src/rollout/rollout.ts';
import { nodesMoved } from '../src/rollout/way-back.ts';

/** What a way back spares where most nodes have yet to move: they are no longer to be replaced. Empty where it is not so. */
export function driftEndsText(rollout: Rollout): string {
  const moved = nodesMoved(rollout);
  if (moved === undefined) return '';
  const { replaced, total } = moved;
  const rest = 'moving the pin back takes the drift away from the others, which stay as they are.';
  if (total === 0) return `No node is on record as replaced yet: ${rest}`;
  return replaced * 2 < total
    ? `Fewer than half of the nodes moved (${replaced} of ${total} on record): ${rest}`
    : '';
}
