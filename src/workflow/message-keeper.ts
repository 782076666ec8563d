import type { Json } from '../shared/canonical.ts';
import { canonicalJson, sha256 } from '../shared/canonical.ts';
import type { RolloutId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { hour, second } from '../shared/time.ts';
import type { Message, PictureOf } from './ports/messenger.ts';
import type { Slot } from './ports/store.ts';
import { rememberThread } from './thread-memory.ts';
import { withPicture } from './with-picture.ts';
import type { World } from './world.ts';

/** Slack limits edits for all rollouts together, so each message is edited at most this often. */
export const editEveryMs = 5 * second;
/** A message that is edited only when it is worth it is made true at least this often: an old time looks unwatched. */
const trueEveryMs = hour;
/** A slot claimed this long ago and never posted: its claimer is gone, and a twin is the lesser evil. */
const claimStaleMs = 60 * second;

/** One message as it should stand now. */
export type Meant = {
  /** The slot it stands in, such as `card`. */
  readonly name: string;
  readonly message: Message;
  /** An edit is worth it when this changes. Absent: a milestone, which is posted once and stays. */
  readonly worth?: string;
  /** Where it stands, where that is not the home channel. */
  readonly channel?: string;
  /** The card's `ts`; absent: the card itself. */
  readonly threadTs?: string;
  /** Copies the reply into the channel. */
  readonly broadcast?: boolean;
  /** Drawn and uploaded when it is posted, which is but once. */
  readonly picture?: PictureOf;
};

/** `ts` absent: it does not stand yet, as another replica posts it. `again`: when an edit that has to wait is due. */
export type Standing = { readonly ts?: string; readonly again?: Instant };

/** Keeps the messages of one rollout, each in its slot: posts what is missing, edits what changed. */
export type MessageKeeper = {
  /** One call at a time: two would post twins. */
  keep(meant: Meant): Promise<Standing>;
  /** As this process knows it. */
  slot(name: string): Slot | undefined;
  /** Messages that stand, as this process knows it. */
  posted(): readonly Slot[];
};

type Rendered = {
  /** Hash of what makes the message worth an edit: all of it, where it does not say. */
  readonly hash: string;
  /** Hash of all of it; absent when another process edited it. */
  readonly exact?: string;
  readonly at: Instant;
};

/** Reads once where the rollout's messages stand. */
export async function createMessageKeeper(
  world: Pick<World, 'clock' | 'log' | 'fleet' | 'store' | 'effects' | 'draw'>,
  id: RolloutId,
): Promise<MessageKeeper> {
  const { clock, log, fleet, store, effects } = world;
  const slots = new Map((await store.slots.list(id)).map((slot) => [slot.name, slot]));
  /** What each message was last edited to by this process, and when. */
  const rendered = new Map<string, Rendered>();
  for (const { name, rendered: hash } of slots.values()) {
    if (hash !== undefined) rendered.set(name, { hash, at: 0 });
  }

  const post = async ({
    name,
    message,
    worth,
    channel = fleet.channel,
    threadTs,
    broadcast = false,
    picture,
  }: Meant) => {
    const now = clock.now();
    const claim: Slot = { name, channel, claimedAt: now };
    if (!(await store.slots.claim(id, claim, now - claimStaleMs))) {
      // Another replica posts it: read again next time.
      const theirs = (await store.slots.list(id)).find((one) => one.name === name);
      if (theirs !== undefined) slots.set(name, theirs);
      return theirs?.ts === undefined ? {} : { ts: theirs.ts };
    }
    slots.set(name, claim);
    // Whoever claims it uploads it, and nobody else.
    const said =
      picture === undefined ? message : await withPicture(world, `${id} ${name}`, message, picture);
    const { ts } = await effects.run('post-message', `${id} ${name}`, (to) =>
      to.slack.post({
        channel,
        ...(threadTs === undefined ? {} : { threadTs, broadcast }),
        ...said,
      }),
    );
    const { hash, exact } = hashesOf(message, worth);
    await store.slots.posted(id, name, ts, hash);
    if (name === 'card') await rememberThread(store.memory, ts, id);
    slots.set(name, { ...claim, ts });
    rendered.set(name, { hash, exact, at: now });
    return { ts };
  };

  const edit = async (name: string, message: Message, to: Rendered, where: Slot) => {
    const { channel, ts = '' } = where;
    const key = `${id} ${name} ${to.hash.slice(0, 12)}`;
    const outcome = await effects.run('edit-message', key, ({ slack }) =>
      slack.update({ channel, ts, ...message }),
    );
    rendered.set(name, to);
    if (outcome !== 'gone') return { ts };
    log.warn({ rollout: id, slot: name }, 'message was removed');
    await store.slots.forget(id, name);
    slots.delete(name);
    return { again: to.at };
  };

  return {
    async keep(meant) {
      const { name, message, worth } = meant;
      const slot = slots.get(name);
      if (slot?.ts === undefined) return post(meant);
      const { ts } = slot;
      if (worth === undefined) return { ts };
      const now = clock.now();
      const { hash, exact } = hashesOf(message, worth);
      const last = rendered.get(name);
      if (last !== undefined) {
        const isTrue = last.exact === exact || now < last.at + trueEveryMs;
        if (last.hash === hash && isTrue) return { ts };
        if (now < last.at + editEveryMs) return { ts, again: last.at + editEveryMs };
      }
      return edit(name, message, { hash, exact, at: now }, slot);
    },
    slot: (name) => slots.get(name),
    posted: () => [...slots.values()].filter(({ ts }) => ts !== undefined),
  };
}

function hashesOf(
  { text, blocks }: Message,
  worth: string | undefined,
): { readonly hash: string; readonly exact: string } {
  const exact = sha256(canonicalJson({ text, blocks: blocks as unknown as Json }));
  return { hash: worth === undefined ? exact : sha256(worth), exact };
}
