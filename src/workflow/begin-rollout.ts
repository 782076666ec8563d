import type { CommandOf } from '../rollout/command.ts';
import { rolloutIdOf } from '../rollout/rollout-id.ts';
import type { Actor } from './ports/store.ts';
import type { World } from './world.ts';

/** @returns whether it is ours: `false` where somebody else has opened it meanwhile. */
export async function beginRollout(
  { store, journal, clock }: Pick<World, 'store' | 'journal' | 'clock'>,
  open: Omit<CommandOf<'Open'>, 'type' | 'now'>,
  actor: Actor,
): Promise<boolean> {
  const id = rolloutIdOf(open);
  // Woken before it is written: a crash in between costs one look at nothing.
  await store.heads.wake(id, clock.now());
  const command = { type: 'Open', ...open, now: clock.now() } as const;
  const { stored } = await journal.execute(id, command, { actor });
  return stored;
}
