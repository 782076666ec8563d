import type { Rollout } from '../rollout/rollout.ts';
import { environmentNamed } from '../rollout/rollout.ts';
import type { Wave } from '../rollout/wave.ts';

/** A function of rollout, wave and ask: the same work always finds its own branch, and never that of an earlier ask. */
export function branchName(rollout: Rollout, { environment, name, recovery }: Wave): string {
  const asks = environmentNamed(rollout, environment)?.asks ?? 1;
  const again = recovery === undefined && asks > 1 ? `-ask-${asks}` : '';
  return `amiable/${rollout.id}/${environment}-${name}${again}`;
}
