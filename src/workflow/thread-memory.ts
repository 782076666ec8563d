import { RolloutId } from '../shared/ids.ts';
import { day } from '../shared/time.ts';
import type { Memory } from './ports/store.ts';

/** Questions about a rollout are answered in its thread for so long, also once it is closed. */
const keptMs = 365 * day;

const keyOf = (ts: string) => `thread#${ts}`;

/** Remembers whose thread it is: of closed rollouts nothing else finds it. */
export async function rememberThread(memory: Memory, ts: string, id: RolloutId): Promise<void> {
  await memory.put(keyOf(ts), id, keptMs);
}

/** The rollout of the thread that a card began; `undefined`: none of ours, or of long ago. */
export async function rolloutOfCard(memory: Memory, ts: string): Promise<RolloutId | undefined> {
  const key = keyOf(ts);
  const known = RolloutId.safeParse((await memory.get([key])).get(key));
  return known.success ? known.data : undefined;
}
