import type { RolloutEvent } from '../rollout/events.ts';
import type { Hold } from '../rollout/hold.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { RolloutId } from '../shared/ids.ts';
import { SlackUserId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { earliest, hour } from '../shared/time.ts';
import { stopIn } from './global-stop.ts';
import { keptBackAt } from './kept-back.ts';
import type { Meant, MessageKeeper } from './message-keeper.ts';
import { createMessageKeeper, editEveryMs } from './message-keeper.ts';
import { ownerLines } from './owner-lines.ts';
import { SlackRefusedError } from './ports/slack-errors.ts';
import type { Slot } from './ports/store.ts';
import type { Edited, RenderThread, ThreadView } from './thread-view.ts';
import type { World } from './world.ts';

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
  /** Lets go of what is kept of a rollout that nobody follows any more. */
  forget(id: RolloutId): void;
};

type Kept = {
  readonly messages: MessageKeeper;
  /** Who could answer an ask, looked up once an ask: it is for show, every click is checked afresh. */
  readonly deciders: Map<string, readonly SlackUserId[]>;
  /** Channels of owners that Slack keeps us out of: not tried again by this process. */
  readonly closed: Set<string>;
  cardUrl?: string | undefined;
};

export function createThreads(
  world: Pick<
    World,
    | 'clock'
    | 'log'
    | 'fleet'
    | 'journal'
    | 'store'
    | 'people'
    | 'effects'
    | 'sightings'
    | 'draw'
    | 'cardUrl'
  >,
  render: RenderThread,
): Threads {
  const { clock, log, store, journal } = world;
  const kept = new Map<RolloutId, Kept>();
  const running = new Map<RolloutId, Promise<Instant | undefined>>();

  const keptOf = async (id: RolloutId): Promise<Kept> => {
    const known = kept.get(id);
    if (known !== undefined) return known;
    const fresh: Kept = {
      messages: await createMessageKeeper(world, id),
      deciders: new Map(),
      closed: new Set(),
    };
    kept.set(id, fresh);
    return fresh;
  };

  let stop: {
    readonly at: Instant;
    readonly frozen: ReturnType<typeof stopIn>;
    readonly holds: readonly Hold[];
  } = { at: 0, frozen: undefined, holds: [] };
  /** For show: merges read it themselves. Setting or lifting it wakes every rollout, so it is seldom read in vain. */
  const shownStop = async (woken: boolean) => {
    const at = clock.now();
    if (woken || at - stop.at >= stopShownMs) {
      const commits = await store.global.load('global');
      const events = commits.flatMap((commit) => commit.events);
      const { holds } = keptBackAt(events, world.fleet.holds ?? [], at);
      stop = { at, frozen: stopIn(events), holds };
    }
    return stop;
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
    const { frozen, holds } =
      rollout.outcome === undefined ? await shownStop(woken) : { frozen: undefined, holds: [] };
    const deciders = await decidersOf(rollout, mine);
    const names = await world.people.names([
      ...new Set([
        ...peopleIn(history, [frozen?.by, ...holds.map(({ by }) => by)]),
        ...[...deciders.values()].flat(),
      ]),
    ]);
    const { owned } = world.sightings(id);
    const lines = ownerLines(owned, mine.messages.posted(), clock.now());
    if (lines.length > 0) mine.cardUrl ??= await world.cardUrl?.(id);
    const view = render({
      rollout,
      history,
      sightings: world.sightings(id),
      names,
      deciders,
      ...(frozen === undefined ? {} : { frozen }),
      ...(holds.length === 0 ? {} : { holds }),
      owners: { lines, cardUrl: mine.cardUrl },
      now: clock.now(),
    });
    const { messages } = mine;
    const card = await messages.keep({ name: 'card', ...edited(view.card) });
    const { ts: threadTs } = card;
    if (threadTs === undefined) return clock.now() + editEveryMs;
    for (const { slot: name, ...said } of view.replies) {
      const reply = await messages.keep({ name, ...said, threadTs });
      // Milestones are read from top to bottom: the later ones wait for this one.
      if (reply.ts === undefined) return clock.now() + editEveryMs;
    }
    const live =
      view.live === undefined
        ? undefined
        : await messages.keep({ name: 'live', ...edited(view.live), threadTs });
    const told = await tellOwners(id, mine, view.elsewhere);
    return earliest(earliest(card.again, live?.again), told);
  };

  /** A channel that keeps us out keeps nobody else from being told. */
  const tellOwners = async (
    id: RolloutId,
    { messages, closed }: Kept,
    lines: ThreadView['elsewhere'],
  ): Promise<Instant | undefined> => {
    let again: Instant | undefined;
    for (const { slot: name, channel, ...line } of lines) {
      if (closed.has(channel)) continue;
      try {
        const told = await messages.keep({ name, channel, ...edited(line) });
        again = earliest(again, told.again);
      } catch (cause) {
        if (!(cause instanceof SlackRefusedError)) throw cause;
        closed.add(channel);
        log.warn({ rollout: id, channel, cause }, 'owner not told');
      }
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
    forget(id) {
      if (!running.has(id)) kept.delete(id);
    },
    async cardOf(id) {
      const card = (await keptOf(id)).messages.slot('card');
      if (card?.ts !== undefined) return card;
      // Another replica may have posted it since.
      return (await store.slots.list(id)).find(({ name }) => name === 'card');
    },
  };
}

function edited({ worth, ...message }: Edited): Pick<Meant, 'message' | 'worth'> {
  return { message, worth };
}

/** Everybody whose name a message may show. */
function peopleIn(
  history: readonly RolloutEvent[],
  more: readonly (string | undefined)[],
): readonly SlackUserId[] {
  const people = history.flatMap((event) => [
    ...('by' in event && event.by !== undefined ? [event.by] : []),
    ...('person' in event && event.person !== undefined ? [event.person] : []),
  ]);
  return [...new Set([...people, ...more])].flatMap((one) => {
    const parsed = SlackUserId.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });
}
