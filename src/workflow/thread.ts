import type { RolloutEvent } from '../rollout/events.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { Json } from '../shared/canonical.ts';
import { canonicalJson, sha256 } from '../shared/canonical.ts';
import type { RolloutId } from '../shared/ids.ts';
import { SlackUserId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { hour, minute, second } from '../shared/time.ts';
import { globalStop } from './global-stop.ts';
import type { Message } from './ports/messenger.ts';
import type { Slot } from './ports/store.ts';
import type { Edited, RenderThread } from './thread-view.ts';
import type { World } from './world.ts';

/** Slack limits edits for all rollouts together, so each message is edited at most this often. */
const editEveryMs = 5 * second;
/** A message that is edited only when it is worth it is made true at least this often: an old time looks unwatched. */
const trueEveryMs = 30 * minute;
/** A slot claimed this long ago and never posted: its claimer is gone, and a twin is the lesser evil. */
const claimStaleMs = 60 * second;
/** A stop of the whole fleet is shown for this long without being read again. */
const stopShownMs = hour;

/** Keeps a rollout's messages as its state says: posts what is missing, edits what changed. */
export type Threads = {
  /**
   * @param options.woken somebody did something since: what is shown of the whole fleet is read again too.
   * @returns when to come again, if an edit had to wait; `undefined` when all messages are true.
   */
  sync(id: RolloutId, options?: { readonly woken?: boolean }): Promise<Instant | undefined>;
  /** Where the card stands, for links and for twins. */
  cardOf(id: RolloutId): Promise<Slot | undefined>;
};

type Rendered = {
  /** Hash of what makes the message worth an edit: all of it, where it does not say. */
  hash: string;
  /** Hash of all of it; absent when another process edited it. */
  exact?: string;
  at: Instant;
};

type Kept = {
  slots: Map<string, Slot>;
  /** What each message was last edited to by this process, and when. */
  rendered: Map<string, Rendered>;
  /** Who could answer an ask, looked up once an ask: it is for show, every click is checked afresh. */
  deciders: Map<string, readonly SlackUserId[]>;
};

export function createThreads(
  world: Pick<
    World,
    'clock' | 'log' | 'fleet' | 'journal' | 'store' | 'people' | 'effects' | 'sightings'
  >,
  render: RenderThread,
): Threads {
  const { clock, store, journal, fleet } = world;
  const kept = new Map<RolloutId, Kept>();
  const running = new Map<RolloutId, Promise<Instant | undefined>>();

  const keptOf = async (id: RolloutId): Promise<Kept> => {
    const known = kept.get(id);
    if (known !== undefined) return known;
    const slots = new Map((await store.slots.list(id)).map((slot) => [slot.name, slot]));
    const rendered = new Map<string, Rendered>();
    for (const slot of slots.values()) {
      if (slot.rendered !== undefined) rendered.set(slot.name, { hash: slot.rendered, at: 0 });
    }
    const fresh = { slots, rendered, deciders: new Map() };
    kept.set(id, fresh);
    return fresh;
  };

  let stop: { readonly at: Instant; readonly frozen: Awaited<ReturnType<typeof globalStop>> } = {
    at: 0,
    frozen: undefined,
  };
  /** For show: merges read it themselves. Setting or lifting it wakes every rollout, so it is seldom read in vain. */
  const shownStop = async (woken: boolean) => {
    const at = clock.now();
    if (woken || at - stop.at >= stopShownMs) stop = { at, frozen: await globalStop(world) };
    return stop.frozen;
  };

  const decidersOf = async ({ environments, outcome }: Rollout, { deciders }: Kept) => {
    const asking = environments.filter(({ phase }) => phase.name === 'awaiting-approval');
    const found = await Promise.all(
      (outcome === undefined ? asking : []).map(async ({ policy, asks }) => {
        const key = `${policy.name} ${asks}`;
        const people = deciders.get(key) ?? (await world.people.members(policy.approval));
        // Nobody means that Slack could not say: asked again with the next look.
        if (people.length > 0) deciders.set(key, people);
        return [policy.name, people] as const;
      }),
    );
    return new Map(found);
  };

  const syncOnce = async (id: RolloutId, woken: boolean): Promise<Instant | undefined> => {
    const { rollout, commits } = await journal.known(id);
    if (rollout === undefined) return undefined;
    const mine = await keptOf(id);
    const history = commits.flatMap(({ events }) => events);
    const frozen = rollout.outcome === undefined ? await shownStop(woken) : undefined;
    const deciders = await decidersOf(rollout, mine);
    const names = await world.people.names([
      ...new Set([...peopleIn(history, frozen?.by), ...[...deciders.values()].flat()]),
    ]);
    const view = render({
      rollout,
      history,
      sightings: world.sightings(id),
      names,
      deciders,
      ...(frozen === undefined ? {} : { frozen }),
      now: clock.now(),
    });
    const keepEdited = (
      name: string,
      { worth, ...message }: Edited,
      threadTs: string | undefined,
    ) => keepPosted(world, id, mine, name, message, threadTs, false, worth);
    const card = await keepEdited('card', view.card, undefined);
    if (card.ts === undefined) return clock.now() + editEveryMs;
    let again = card.again;
    for (const { slot, message, broadcast } of view.replies) {
      const reply = await keepPosted(world, id, mine, slot, message, card.ts, broadcast);
      // Milestones are read from top to bottom: the later ones wait for this one.
      if (reply.ts === undefined) return clock.now() + editEveryMs;
    }
    if (view.live !== undefined) {
      const live = await keepEdited('live', view.live, card.ts);
      again = sooner(again, live.again);
    }
    return again;
  };

  return {
    sync(id, { woken = false } = {}) {
      // One at a time: a second call meanwhile would post twins; it waits, and renders the newest state again.
      const before = running.get(id) ?? Promise.resolve(undefined);
      const next = before.catch(() => undefined).then(() => syncOnce(id, woken));
      running.set(id, next);
      const settled = () => {
        if (running.get(id) === next) running.delete(id);
      };
      next.then(settled, settled);
      return next;
    },
    async cardOf(id) {
      const card = (await keptOf(id)).slots.get('card');
      if (card?.ts !== undefined) return card;
      // Another replica may have posted it since.
      return (await store.slots.list(id)).find(({ name }) => name === 'card');
    },
  };

  async function keepPosted(
    { effects, log }: Pick<World, 'effects' | 'log'>,
    id: RolloutId,
    mine: Kept,
    name: string,
    message: Message,
    threadTs: string | undefined,
    broadcast = false,
    worth?: string,
  ): Promise<{ readonly ts?: string; readonly again?: Instant }> {
    const exact = messageHash(message);
    const hash = worth === undefined ? exact : sha256(worth);
    const slot = mine.slots.get(name);
    const now = clock.now();
    if (slot?.ts === undefined) {
      const claim: Slot = { name, channel: fleet.channel, claimedAt: now };
      if (!(await store.slots.claim(id, claim, now - claimStaleMs))) {
        // Another replica posts it: read again next time.
        const theirs = (await store.slots.list(id)).find((one) => one.name === name);
        if (theirs !== undefined) mine.slots.set(name, theirs);
        return theirs?.ts === undefined ? {} : { ts: theirs.ts };
      }
      mine.slots.set(name, claim);
      const { ts } = await effects.run('post-message', `${id} ${name}`, (to) =>
        to.slack.post({
          channel: fleet.channel,
          ...(threadTs === undefined ? {} : { threadTs, broadcast }),
          ...message,
        }),
      );
      // Milestones are never edited; only what may be edited is worth remembering.
      await store.slots.posted(id, name, ts, hash);
      mine.slots.set(name, { ...claim, ts });
      mine.rendered.set(name, { hash, exact, at: now });
      return { ts };
    }
    const { ts, channel } = slot;
    const last = mine.rendered.get(name);
    const fresh = last !== undefined && (last.exact === exact || now < last.at + trueEveryMs);
    if (last?.hash === hash && (worth === undefined || fresh)) return { ts };
    if (threadTs !== undefined && name !== 'live') return { ts };
    if (last !== undefined && now < last.at + editEveryMs)
      return { ts, again: last.at + editEveryMs };
    const outcome = await effects.run('edit-message', `${id} ${name} ${hash.slice(0, 12)}`, (to) =>
      to.slack.update({ channel, ts, ...message }),
    );
    mine.rendered.set(name, { hash, exact, at: now });
    if (outcome === 'gone') {
      log.warn({ rollout: id, slot: name }, 'message was removed');
      await store.slots.forget(id, name);
      mine.slots.delete(name);
      return { again: now };
    }
    return { ts };
  }
}

function sooner(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : Math.min(a, b);
}

function messageHash({ text, blocks }: Message): string {
  return sha256(canonicalJson({ text, blocks: blocks as unknown as Json }));
}

/** Everybody whose name a message may show. */
function peopleIn(
  history: readonly RolloutEvent[],
  more: string | undefined,
): readonly SlackUserId[] {
  const people = history.flatMap((event) =>
    'by' in event && event.by !== undefined ? [event.by] : [],
  );
  const all = more === undefined ? people : [...people, more];
  return [...new Set(all)].flatMap((one) => {
    const parsed = SlackUserId.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });
}
