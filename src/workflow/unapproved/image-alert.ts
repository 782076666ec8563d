import { rolloutIdOf } from '../../rollout/rollout-id.ts';
import type { RolloutId } from '../../shared/ids.ts';
import { minute } from '../../shared/time.ts';
import type { Message } from '../ports/messenger.ts';
import type { World } from '../world.ts';

type Talking = Pick<World, 'clock' | 'log' | 'fleet' | 'store' | 'effects'>;

const slotName = 'images';
/** A slot claimed this long ago and never posted: its claimer is gone, and a twin is the lesser evil. */
const claimStaleMs = minute;

/** Names the messages about a cluster's images, as a rollout's id names its own; no rollout has this id. */
function imageAlertId(scope: string, cluster: string): RolloutId {
  return rolloutIdOf({ family: 'images', release: cluster, scope, attempt: 0 });
}

/** Makes the cluster's one message say this: edited where it stands, posted where it does not. */
export async function showAlert(world: Talking, cluster: string, message: Message): Promise<void> {
  const { store, fleet, clock, effects } = world;
  const id = imageAlertId(fleet.scope, cluster);
  if (await editAlert(world, cluster, message)) return;
  const { channel } = fleet;
  const claim = { name: slotName, channel, claimedAt: clock.now() };
  if (!(await store.slots.claim(id, claim, clock.now() - claimStaleMs))) return;
  const { ts } = await effects.run('post-message', `images ${cluster}`, (to) =>
    to.slack.post({ channel, ...message }),
  );
  await store.slots.posted(id, slotName, ts);
}

/** Says that it is over, without a word to anybody; the next one is posted anew. */
export async function closeAlert(world: Talking, cluster: string, message: Message): Promise<void> {
  if (!(await editAlert(world, cluster, message))) return;
  await world.store.slots.forget(imageAlertId(world.fleet.scope, cluster), slotName);
}

/** Edits the cluster's message. False where there is none to edit any more. */
export async function editAlert(
  { store, fleet, effects, log }: Talking,
  cluster: string,
  message: Message,
): Promise<boolean> {
  const id = imageAlertId(fleet.scope, cluster);
  const known = (await store.slots.list(id)).find(({ name }) => name === slotName);
  if (known?.ts === undefined) return false;
  const { ts, channel } = known;
  const outcome = await effects.run('edit-message', `images ${cluster} ${ts}`, ({ slack }) =>
    slack.update({ channel, ts, ...message }),
  );
  if (outcome === 'updated') return true;
  log.warn({ cluster, outcome }, 'message about images was not edited');
  await store.slots.forget(id, slotName);
  return false;
}
