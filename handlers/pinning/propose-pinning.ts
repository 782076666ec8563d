import { noCheckMessage } from '../../blocks/detection.ts';
import { pinnedNowMessage } from '../../blocks/pinned-now.ts';
import type { Caretaker } from '../../src/workflow/caretaker.ts';
import type { Message } from '../../src/workflow/ports/messenger.ts';
import { pinNow } from '../../src/workflow/unapproved/pin-now.ts';
import type { World } from '../../src/workflow/world.ts';
import type { Pinning } from './pinning.ts';

/** Of a rule that names nobody only this is left: whether somebody counts as one of us at all. */
const nobody = { users: [], groups: [], count: 1 };

/**
 * Opens the proposal that a press of "Pin it now" asked for, which decides nothing. A second time finds the first.
 * @returns the answer for who pressed.
 * @throws Error when GitHub, AWS or the cluster does not answer; a later try may help.
 */
export async function proposePinning(
  world: World,
  caretaker: Pick<Caretaker, 'wake'>,
  { pin: { cluster, release, by } }: Pinning,
): Promise<Message> {
  const may = await world.people.authority(by, nobody);
  if (may === 'guest-or-bot' || may === 'unknown') return noCheckMessage(may);
  const done = await pinNow(world, cluster, release, by);
  if (done.kind !== 'refused') await caretaker.wake(done.rollout);
  return pinnedNowMessage(done, { cluster, release });
}

/** Nobody remembers pressing, and what runs may have moved on. */
export function tooOldToPin({ pin: { cluster, release } }: Pinning): Message {
  const why =
    'GitHub, AWS or the cluster did not answer for a quarter of an hour. Press again if it is still wanted';
  return pinnedNowMessage({ kind: 'refused', why }, { cluster, release });
}
